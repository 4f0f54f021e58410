import type { ChainConfig } from '#config';
import type { Metrics } from '#telemetry';
import { createEndpoints } from '../transport/json-rpc-endpoint.factory.js';
import { checkpointDepth } from './pool-options.js';
import { RpcPool } from './rpc-pool.js';

/** Creates the pool of the configured endpoints. */
export function createRpcPool(config: ChainConfig, metrics: Metrics): RpcPool {
  const { rpcTimeoutMs, rpcSendTimeoutMs, rpcCallTimeoutMs, rpcLogsTimeoutMs } = config;
  const timeouts = {
    read: rpcTimeoutMs,
    send: rpcSendTimeoutMs,
    execution: rpcCallTimeoutMs,
    logs: rpcLogsTimeoutMs,
  };
  return new RpcPool(createEndpoints(config, timeouts), metrics, {
    chainId: config.chainId,
    maxLagBlocks: config.rpcMaxLagBlocks,
    maxLagMs: config.rpcMaxLagMs,
    checkpointDepth: checkpointDepth(config.confirmations),
    probeIntervalMs: config.rpcProbeIntervalMs,
  });
}
