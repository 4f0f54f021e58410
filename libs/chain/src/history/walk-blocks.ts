import { RpcError } from '../rpc/rpc.errors.js';

/** Blocks that the first request of a walk asks for. */
const INITIAL_RANGE = 2_000;
const MAX_RANGE = 100_000;
/** Answers that are enough for one request: the next asks for fewer blocks when one brings more. */
const MAX_ANSWERS = 2_000;

/**
 * Walks from block to block in ranges that the node answers: providers refuse wide ranges, each with its own limit and
 * wording, so a refused range is halved, and one that brought little is followed by a wider one. What is in memory is one
 * range.
 *
 * @throws RpcError when the node refuses a single block
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
