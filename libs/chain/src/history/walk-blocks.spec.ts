import { describe, expect, it } from 'vitest';
import { RpcError, RpcUnavailableError } from '../rpc/rpc.errors.js';
import { walkBlocks } from './walk-blocks.js';

type Range = readonly [from: number, to: number];

/** A node that answers ranges up to a width, with so many logs for each block. */
async function walked(from: number, to: number, widest: number, logsOf: (block: number) => number = () => 0) {
  const asked: Range[] = [];
  const found: number[] = [];
  let largest = 0;
  const pages = walkBlocks(from, to, async (start, end) => {
    asked.push([start, end]);
    if (end - start + 1 > widest) throw new RpcError('eth_getLogs', -32602, 'query exceeds max block range', null);
    const blocks = Array.from({ length: end - start + 1 }, (_, index) => start + index);
    return blocks.flatMap((block) => Array.from({ length: logsOf(block) }, () => block));
  });
  for await (const page of pages) {
    largest = Math.max(largest, page.length);
    for (const block of page) found.push(block);
  }
  return { asked, found, largest };
}

describe('walkBlocks', () => {
  it('yields every item once, oldest first, for any range limit', async () => {
    for (const widest of [1, 7, 1_000, 1_000_000]) {
      const { found } = await walked(5, 1_204, widest, (block) => (block % 10 === 0 ? 2 : 0));
      expect(found).toEqual(Array.from({ length: 120 }, (_, index) => [10 + 10 * index, 10 + 10 * index]).flat());
    }
  });

  it('reads a million empty blocks in few requests', async () => {
    const { asked } = await walked(0, 1_000_000, 1_000_000);
    expect(asked.length).toBeLessThan(20);
    expect(asked.at(-1)?.[1]).toBe(1_000_000);
  });

  it('shrinks the range when responses are large', async () => {
    const { found, largest } = await walked(0, 9_999, 1_000_000, () => 100);
    expect(found).toHaveLength(1_000_000);
    expect(largest).toBeLessThan(250_000);
  });

  it('sends no request for an empty range', async () => {
    expect((await walked(10, 9, 100)).asked).toEqual([]);
  });

  it('throws when the node rejects a single block or does not answer', async () => {
    await expect(walked(0, 3, 0)).rejects.toThrow(RpcError);
    const silent = walkBlocks(0, 3, () => Promise.reject(new RpcUnavailableError('no answer')));
    await expect(silent[Symbol.asyncIterator]().next()).rejects.toThrow(RpcUnavailableError);
  });
});
