import type { ChainConfig } from '#config';
import type { RpcTimeouts } from '../rpc-methods.js';
import { JsonRpcEndpoint } from './json-rpc-endpoint.js';
import { connectionOf } from './rpc-connection.js';

/** The configured endpoints, in their order; `rpc-1`, `rpc-2`, … where they have no names. */
export function createEndpoints(config: ChainConfig, timeouts: number | RpcTimeouts): readonly JsonRpcEndpoint[] {
  return config.endpointNames.map((name, index) => {
    const url = config.rpcUrls[index] ?? '';
    return new JsonRpcEndpoint(name, url, timeouts, connectionOf(config, name, url));
  });
}
