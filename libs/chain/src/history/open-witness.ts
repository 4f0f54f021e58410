import type { ChainConfig } from '#config';
import type { ChainWitness } from '#core';
import { Metrics } from '#telemetry';
import { backendWitness, type BackendSettings } from '../backend-choice.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../rpc/json-rpc-endpoint.js';
import { RpcPool } from '../rpc/rpc-pool.js';

/** For commands that only read: no key, no lane, nothing that runs in the background. */
export function openChainWitness(chain: ChainConfig, ...backend: BackendSettings): ChainWitness {
  const { rpcUrls, rpcTimeoutMs } = chain;
  const endpoints = rpcUrls.map((url, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, rpcTimeoutMs));
  return backendWitness(new ChainReader(new RpcPool(endpoints, new Metrics())), chain, ...backend);
}
