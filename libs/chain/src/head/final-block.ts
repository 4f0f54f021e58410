import type { ChainConfig } from '#config';
import type { ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc.errors.js';

/** The latest block that `CONFIRMATIONS` makes final. */
export interface FinalBlock {
  /** Negative while no block is final. */
  readonly number: number;
  /** Reason why no endpoint returns a block with the tag. Null otherwise. */
  readonly missing: string | null;
}

/** Returns the latest block that `CONFIRMATIONS` makes final. @throws RpcUnavailableError */
export async function fetchFinalBlock(
  reader: ChainReader,
  confirmations: ChainConfig['confirmations'],
  latest: number,
): Promise<FinalBlock> {
  if (typeof confirmations === 'number') return { number: latest - confirmations + 1, missing: null };
  try {
    const block = await reader.block(confirmations);
    return block === null ? { number: -1, missing: 'the node returned null' } : { number: block.number, missing: null };
  } catch (error) {
    if (error instanceof RpcError) return { number: -1, missing: `the node returned error ${error.code}` };
    throw error;
  }
}
