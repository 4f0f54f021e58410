import type { MinedBlock } from '../chain-reads.js';

/**
 * How many deployments stand in each of the blocks at whose start there were enough for a whole one, and how many the gas of a
 * block allows. Every transaction to the manager is a deployment, and costs as much as the others.
 *
 * @param backlogSince number of the first block that began when every message was in the queue
 */
export function deploymentsInBlocks(
  blocks: readonly MinedBlock[],
  manager: string,
  backlogSince: number,
): { readonly counts: readonly number[]; readonly allowed: number } {
  const found = blocks.map((block) => {
    const count = block.transactions.filter(({ to }) => to === manager.toLowerCase()).length;
    return { ...block, count };
  });
  let open = found.reduce((sum, { count }) => sum + count, 0);
  const gas = found.reduce((sum, { count, gasUsed }) => (count > 0 ? sum + gasUsed : sum), 0) / open;
  const allowed = Math.floor((blocks[0]?.gasLimit ?? 0) / gas);
  const counts: number[] = [];
  for (const { number, count } of found) {
    if (number >= backlogSince && open >= allowed) counts.push(count);
    open -= count;
  }
  return { counts, allowed };
}
