import { describe, expect, it } from 'vitest';
import { fillWithBacklog } from './block-fill.js';

const blocks = (...gas: number[]) =>
  gas.map((gasUsed, index) => ({ number: index + 1, gasUsed, gasLimit: 100, transactions: [] }));

describe('fillWithBacklog', () => {
  it('counts the blocks that could have been full', () => {
    expect(fillWithBacklog(blocks(90, 100, 50, 60), 1)).toEqual([0.9, 1, 0.5]);
  });

  it('leaves out the block that was under way when the messages came', () => {
    expect(fillWithBacklog(blocks(10, 100, 80, 70), 2)).toEqual([1, 0.8]);
  });

  it('finds none where everything fits into one block', () => {
    expect(fillWithBacklog(blocks(60, 30), 1)).toEqual([]);
  });
});
