import type { ChainConfig } from '#config';
import type { ChainStateReader } from '#core';
import { Metrics } from '#telemetry';
import { createChainStateReader, type BackendConfigs } from '../backends/token-backend.factory.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../rpc/transport/json-rpc-endpoint.js';
import { RpcPool } from '../rpc/pool/rpc-pool.js';

/** Opens a read-only chain state reader for the commands. It has no key and no background worker. */
export function openChainStateReader(chain: ChainConfig, ...backend: BackendConfigs): ChainStateReader {
  const { rpcUrls, rpcTimeoutMs } = chain;
  const endpoints = rpcUrls.map((url, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, rpcTimeoutMs));
  return createChainStateReader(new ChainReader(new RpcPool(endpoints, new Metrics())), chain, ...backend);
}
