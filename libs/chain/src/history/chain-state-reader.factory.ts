import type { ChainConfig } from '#config';
import type { ChainStateReader } from '#core';
import { Metrics } from '#telemetry';
import { createChainStateReader, type BackendConfigs } from '../backends/token-backend.factory.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { createEndpoints } from '../rpc/transport/json-rpc-endpoint.factory.js';
import { RpcPool } from '../rpc/pool/rpc-pool.js';

/** Opens a read-only chain state reader for the commands. It has no key and no background worker. */
export function openChainStateReader(chain: ChainConfig, ...backend: BackendConfigs): ChainStateReader {
  const pool = new RpcPool(createEndpoints(chain, chain.rpcTimeoutMs), new Metrics());
  return createChainStateReader(new ChainReader(pool), chain, ...backend);
}
