import { describe, expect, it } from 'vitest';
import { deploymentsInBlocks } from './block-room.js';

const MANAGER = '0xAb00000000000000000000000000000000000000';
const call = (to: string) => ({ from: '0x01', to, input: '0x', gasLimit: 5 });
const block = (number: number, deployments: number) => ({
  number,
  gasUsed: 4 * deployments,
  gasLimit: 15,
  transactions: Array.from({ length: deployments }, () => call(MANAGER.toLowerCase())),
});

describe('deploymentsInBlocks', () => {
  it('counts blocks at whose start there was work for a whole one, and what its gas allows', () => {
    const blocks = [block(1, 3), block(2, 2), block(3, 0), block(4, 3), block(5, 2)];
    expect(deploymentsInBlocks(blocks, MANAGER, 2)).toEqual({ counts: [2, 0, 3], allowed: 3 });
  });

  it('leaves other transactions out', () => {
    const other = { number: 1, gasUsed: 1, gasLimit: 15, transactions: [call('0x02')] };
    expect(deploymentsInBlocks([other, block(2, 3), block(3, 3)], MANAGER, 1)).toEqual({
      counts: [0, 3, 3],
      allowed: 3,
    });
  });
});
