import type { ChainConfig } from '#config';
import type { ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc.errors.js';

export interface FinalBlock {
  /** Negative while the chain is younger than that, or shows no final block. */
  readonly number: number;
  /** Why no endpoint shows a block with the tag; null otherwise. */
  readonly missing: string | null;
}

/** The newest block that counts as final under the policy. @throws RpcUnavailableError */
export async function fetchFinalBlock(
  reader: ChainReader,
  confirmations: ChainConfig['confirmations'],
  latest: number,
): Promise<FinalBlock> {
  if (typeof confirmations === 'number') return { number: latest - confirmations + 1, missing: null };
  try {
    const block = await reader.block(confirmations);
    return block === null ? { number: -1, missing: 'the node answers null' } : { number: block.number, missing: null };
  } catch (error) {
    if (error instanceof RpcError) return { number: -1, missing: `the node answers error ${error.code}` };
    throw error;
  }
}
