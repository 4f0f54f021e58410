import { headOf, type HeadBlock } from '../pool/monotonic-head.js';
import type { EndpointObservation } from './endpoint-consensus.js';
import type { RpcCall } from '../transport/json-rpc-endpoint.js';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';
import { quantity, toFields, toHash, toNumber } from '../transport/hex-quantity.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import { isFailure, RpcError } from '../rpc.errors.js';
import { BATCH } from '../rpc-methods.js';

export type EndpointProbe = Pick<EndpointObservation, 'chainId' | 'checkpointHash'> & { readonly head: HeadBlock };

/**
 * Reads chain id, latest block and checkpoint block of an endpoint in one request. Returns null on a failure, which its
 * health records.
 */
export async function probeEndpoint(
  member: PooledEndpoint,
  checkpointHeight: number | null,
): Promise<EndpointProbe | null> {
  const askedAt = performance.now();
  try {
    const seen = await member.request(BATCH, async (endpoint) => read(await endpoint.batch(callsOf(checkpointHeight))));
    member.health.recordLatency(performance.now() - askedAt);
    member.health.reportHead(seen.head.number, askedAt);
    return seen;
  } catch (error) {
    // Other kinds of errors are recorded already.
    if (error instanceof RpcError && !['throttled', 'broken'].includes(classifyRpcError(error)))
      member.record(() => member.health.recordFailure('http_error', `probe: error ${error.code}`, false));
    return null;
  }
}

function callsOf(checkpointHeight: number | null): readonly RpcCall[] {
  const heights = ['latest', ...(checkpointHeight === null ? [] : [quantity(checkpointHeight)])];
  const blocks = heights.map((height) => ({ method: 'eth_getBlockByNumber', params: [height, false] }));
  return [{ method: 'eth_chainId', params: [] }, ...blocks];
}

function read([chainId, latest, checkpoint]: readonly unknown[]): EndpointProbe {
  for (const answer of [chainId, latest]) if (isFailure(answer)) throw answer;
  const missing = checkpoint === undefined || checkpoint === null || isFailure(checkpoint);
  return {
    chainId: toNumber(chainId, 'chain id'),
    head: headOf(latest),
    checkpointHash: missing ? null : toHash(toFields(checkpoint, 'block')['hash'], 'block hash'),
  };
}

/** Returns the hash of a block, or null when the endpoint does not return it. */
export async function hashAt(member: PooledEndpoint, height: number): Promise<string | null> {
  const method = 'eth_getBlockByNumber';
  try {
    return await member.request(method, async (endpoint) => {
      const block = await endpoint.call(method, [quantity(height), false]);
      return block === null ? null : toHash(toFields(block, 'block')['hash'], 'block hash');
    });
  } catch {
    return null;
  }
}
