import { describe, expect, it } from 'vitest';
import { until } from '../../../../test/support/until.js';
import { ContentWatcher } from './content-watcher.js';

describe('ContentWatcher', () => {
  it('reports the first content, and a change when two reads in a row agree', async () => {
    const reads = ['a', 'a', 'half', 'b', 'b', null, 'b', 'c', 'c'];
    let reading = 0;
    const reported: (string | null)[] = [];
    const watcher = new ContentWatcher(
      async () => reads[Math.min(reading++, reads.length - 1)] ?? null,
      (content) => reported.push(content),
      1,
    );
    await watcher.start();
    expect(reported).toEqual(['a']);
    await until('the last content', () => reported.at(-1) === 'c');
    await watcher.stop();
    expect(reported).toEqual(['a', 'b', 'c']);
  });
});
