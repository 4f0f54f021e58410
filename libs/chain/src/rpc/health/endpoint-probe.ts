import { headOf, type HeadBlock } from '../pool/monotonic-head.js';
import type { EndpointObservation } from './endpoint-consensus.js';
import type { RpcCall } from '../transport/json-rpc-endpoint.js';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';
import { quantity, toFields, toHex, toNumber } from '../transport/hex-quantity.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import { isFailure, RpcError } from '../rpc.errors.js';
import { BATCH } from '../rpc-methods.js';

export type Seen = Pick<EndpointObservation, 'chainId' | 'settledHash'> & { readonly head: HeadBlock };

/**
 * Asks an endpoint, in one request, which chain it serves, for its newest block, and for the block at a settled height.
 * Null when it does not say; its standing knows why.
 */
export async function probeEndpoint(member: PooledEndpoint, settledHeight: number | null): Promise<Seen | null> {
  const askedAt = performance.now();
  try {
    const seen = await member.request(BATCH, async (endpoint) => read(await endpoint.batch(callsOf(settledHeight))));
    member.standing.recordLatency(performance.now() - askedAt);
    member.standing.reportHead(seen.head.number, askedAt);
    return seen;
  } catch (error) {
    // What is a good answer to another question is none to this one; the other kinds are counted already.
    if (error instanceof RpcError && !['throttled', 'broken'].includes(classifyRpcError(error)))
      member.record(() => member.standing.recordFailure('http_error', `probe: error ${error.code}`, false));
    return null;
  }
}

function callsOf(settledHeight: number | null): readonly RpcCall[] {
  const heights = ['latest', ...(settledHeight === null ? [] : [quantity(settledHeight)])];
  const blocks = heights.map((height) => ({ method: 'eth_getBlockByNumber', params: [height, false] }));
  return [{ method: 'eth_chainId', params: [] }, ...blocks];
}

function read([chainId, latest, settled]: readonly unknown[]): Seen {
  for (const answer of [chainId, latest]) if (isFailure(answer)) throw answer;
  const missing = settled === undefined || settled === null || isFailure(settled);
  return {
    chainId: toNumber(chainId, 'chain id'),
    head: headOf(latest),
    settledHash: missing ? null : toHex(toFields(settled, 'block')['hash'], 'block hash'),
  };
}

/** The hash of a block; null when the endpoint does not show it. */
export async function hashAt(member: PooledEndpoint, height: number): Promise<string | null> {
  const method = 'eth_getBlockByNumber';
  try {
    return await member.request(method, async (endpoint) => {
      const block = await endpoint.call(method, [quantity(height), false]);
      return block === null ? null : toHex(toFields(block, 'block')['hash'], 'block hash');
    });
  } catch {
    return null;
  }
}
