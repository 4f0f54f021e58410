import { RpcError } from '../rpc/rpc.errors.js';

/** Blocks in the first request. */
const INITIAL_RANGE = 2_000;
const MAX_RANGE = 100_000;
/** Items in one response after which the next range is halved. */
const MAX_ANSWERS = 2_000;

/**
 * Reads a block range in adaptive steps and holds one step in memory. A rejected range is halved, because each provider
 * has its own limit and wording. The range doubles after a small response.
 *
 * @throws RpcError when the node rejects a range of one block
 */
export async function* walkBlocks<T>(
  fromBlock: number,
  toBlock: number,
  fetchRange: (from: number, to: number) => Promise<readonly T[]>,
): AsyncIterable<readonly T[]> {
  let width = INITIAL_RANGE;
  for (let from = fromBlock; from <= toBlock;) {
    const to = Math.min(from + width - 1, toBlock);
    try {
      const answers = await fetchRange(from, to);
      from = to + 1;
      width = answers.length > MAX_ANSWERS ? halved(width) : Math.min(width * 2, MAX_RANGE);
      yield answers;
    } catch (error) {
      if (!(error instanceof RpcError) || to === from) throw error;
      width = halved(to - from + 1);
    }
  }
}

function halved(width: number): number {
  return Math.max(1, Math.floor(width / 2));
}
