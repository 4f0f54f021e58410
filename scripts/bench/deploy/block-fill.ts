import type { MinedBlock } from '../chain-reads.js';

/**
 * How full the blocks were that could have been full, as shares of their gas limit: those at whose start more gas was still
 * wanted than a block holds.
 *
 * @param backlogSince number of the first block that began when every message was in the queue
 */
export function fillWithBacklog(blocks: readonly MinedBlock[], backlogSince: number): readonly number[] {
  let wanted = blocks.reduce((sum, { gasUsed }) => sum + gasUsed, 0);
  const shares: number[] = [];
  for (const { number, gasUsed, gasLimit } of blocks) {
    if (number >= backlogSince && wanted >= gasLimit) shares.push(gasUsed / gasLimit);
    wanted -= gasUsed;
  }
  return shares;
}
