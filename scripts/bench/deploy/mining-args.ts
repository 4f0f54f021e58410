import type { Block } from '../options.js';

const BLOCK_GAS_LIMIT = 60_000_000;

/**
 * How anvil mines. With instant mining alone it can strand ready transactions of a burst until the next block, so a block
 * comes every second besides.
 */
export function miningArgs(block: Block): readonly string[] {
  const limit = ['--gas-limit', String(BLOCK_GAS_LIMIT)];
  return block === 'instant' ? [...limit, '--mixed-mining', '--block-time', '1'] : [...limit, '--block-time', block];
}
