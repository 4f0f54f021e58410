import type { ChainConfig } from '#config';
import type { Metrics } from '#telemetry';
import { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { checkpointDepth } from './pool-options.js';
import { RpcPool } from './rpc-pool.js';

/** Creates the pool of the configured endpoints. Default names: `rpc-1`, `rpc-2`, … */
export function createRpcPool(config: ChainConfig, metrics: Metrics): RpcPool {
  const { rpcTimeoutMs, rpcSendTimeoutMs, rpcCallTimeoutMs, rpcLogsTimeoutMs } = config;
  const timeouts = {
    read: rpcTimeoutMs,
    send: rpcSendTimeoutMs,
    execution: rpcCallTimeoutMs,
    logs: rpcLogsTimeoutMs,
  };
  const endpoints = config.rpcUrls.map(
    (url, index) => new JsonRpcEndpoint(config.rpcNames?.[index] ?? `rpc-${index + 1}`, url, timeouts),
  );
  return new RpcPool(endpoints, metrics, {
    chainId: config.chainId,
    maxLagBlocks: config.rpcMaxLagBlocks,
    maxLagMs: config.rpcMaxLagMs,
    checkpointDepth: checkpointDepth(config.confirmations),
    probeIntervalMs: config.rpcProbeIntervalMs,
  });
}
