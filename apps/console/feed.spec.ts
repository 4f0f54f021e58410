import { describe, expect, it } from 'vitest';
import { Feed } from './feed.js';

function feed(): Feed {
  return new Feed({ name: 'queues', everyMs: 2000, load: async () => {} });
}

describe('Feed', () => {
  it('is due at once, and then at its interval', () => {
    const queues = feed();
    expect(queues.due(0)).toBe(true);
    queues.succeeded(100);
    expect([queues.due(2099), queues.due(2100)]).toEqual([false, true]);
  });

  it('asks ever more rarely while it fails, but at least every ten seconds', () => {
    const queues = feed();
    const waits = Array.from({ length: 8 }, () => {
      queues.failed(0, null);
      return queues.nextAt;
    });
    expect(waits).toEqual([4000, 8000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000]);
    queues.succeeded(0);
    queues.failed(0, null);
    expect(queues.nextAt).toBe(4000);
  });

  it('waits as long as the service asks', () => {
    const queues = feed();
    queues.failed(0, 55);
    expect(queues.nextAt).toBe(55_000);
  });

  it('is stale when nothing came for four intervals', () => {
    const queues = feed();
    expect(queues.stale(100_000)).toBe(false);
    queues.succeeded(0);
    expect([queues.stale(8000), queues.stale(8001)]).toEqual([false, true]);
  });

  it('can be hurried', () => {
    const queues = feed();
    queues.failed(0, 55);
    queues.hurry();
    expect(queues.due(1)).toBe(true);
  });
});
