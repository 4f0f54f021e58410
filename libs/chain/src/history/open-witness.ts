import type { ChainConfig, FactoryConfig } from '#config';
import type { ChainWitness } from '#core';
import { Metrics } from '#telemetry';
import { ChainReader } from '../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../rpc/json-rpc-endpoint.js';
import { RpcPool } from '../rpc/rpc-pool.js';
import { FactoryHistory } from './factory-history.js';
import { FactoryTokenHistory } from './factory-token-history.js';
import { FactoryWitness } from './factory-witness.js';

/** For commands that only read: no key, no lane, nothing that runs in the background. */
export function openChainWitness(chain: ChainConfig, backend: FactoryConfig): ChainWitness {
  const { rpcUrls, rpcTimeoutMs } = chain;
  const endpoints = rpcUrls.map((url, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, rpcTimeoutMs));
  const reader = new ChainReader(new RpcPool(endpoints, new Metrics()));
  const history = new FactoryHistory(reader, backend);
  return new FactoryWitness(reader, history, new FactoryTokenHistory(reader, history, backend), chain, backend);
}
