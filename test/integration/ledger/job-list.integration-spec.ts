import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobState } from '#core';
import { RedisServer } from '../../support/redis/redis-server.js';
import { deployed, failed, LedgerFixture, request } from './ledger.fixture.js';

describe('List of jobs', () => {
  let server: RedisServer;
  let ledger: LedgerFixture;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(async () => {
    ledger = await LedgerFixture.open(server);
  });
  afterEach(() => ledger.close());
  afterAll(() => server.stop());

  const page = async (limit: number, cursor?: string | null, state?: JobState) => {
    const { items, nextCursor } = await ledger.jobs.list({
      limit,
      ...(cursor === undefined || cursor === null ? {} : { cursor }),
      ...(state === undefined ? {} : { state }),
    });
    return { ids: items.map((job) => job.request.record.modelId), nextCursor };
  };

  const admit = (...modelIds: readonly string[]) => ledger.admit(...modelIds.map((modelId) => request(modelId)));

  it('is empty at first', async () => {
    expect(await page(10)).toEqual({ ids: [], nextCursor: null });
  });

  it('goes from the newest to the oldest, page by page, those of one batch included', async () => {
    await admit('a', 'b', 'c');
    await admit('d', 'e');
    const first = await page(2);
    const second = await page(2, first.nextCursor);
    const third = await page(2, second.nextCursor);
    expect([first.ids, second.ids, third.ids]).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(third.nextCursor).toBeNull();
  });

  it('ends without an empty page', async () => {
    await admit('a', 'b');
    expect(await page(2)).toEqual({ ids: ['b', 'a'], nextCursor: null });
  });

  it('keeps its place while jobs come and change', async () => {
    await admit('a', 'b', 'c', 'd');
    const { nextCursor } = await page(2);
    await admit('e');
    await ledger.jobs.complete(null, [deployed('d'), deployed('a')]);
    expect(await page(2, nextCursor)).toEqual({ ids: ['b', 'a'], nextCursor: null });
  });

  it('shows the jobs in one state', async () => {
    await ledger.submitted('s');
    await admit('a1', 'f1', 'd1', 'a2', 'f2');
    await ledger.jobs.complete(null, [failed('f1'), failed('f2'), deployed('d1')]);
    expect((await page(10, null, 'submitted')).ids).toEqual(['s']);
    expect((await page(10, null, 'admitted')).ids).toEqual(['a2', 'a1']);
    expect((await page(10, null, 'deployed')).ids).toEqual(['d1']);
    const first = await page(1, null, 'failed');
    expect([first.ids, (await page(1, first.nextCursor, 'failed')).ids]).toEqual([['f2'], ['f1']]);
    await admit('f1');
    expect((await page(10, null, 'failed')).ids).toEqual(['f2']);
    expect((await page(10, null, 'admitted')).ids).toEqual(['a2', 'f1', 'a1']);
  });

  it('finds nothing at a cursor that it never gave', async () => {
    await admit('a');
    expect(await page(10, '(1 or worse')).toEqual({ ids: [], nextCursor: null });
  });

  it('gives no more than 500 jobs at once', async () => {
    await admit(...Array.from({ length: 501 }, (_, i) => `model-${i}`));
    const first = await page(10_000);
    expect(first.ids).toHaveLength(500);
    expect((await page(10_000, first.nextCursor)).ids).toEqual(['model-0']);
  });

  it('shows the rest of a page with a job that another program wrote', async () => {
    await admit('a', 'b', 'c');
    await ledger.redis.hset(ledger.keys.job('b'), 'state', 'bogus');
    await expect(ledger.jobs.find('b')).rejects.toThrow('The ledger holds an unreadable job: state');
    expect((await page(10)).ids).toEqual(['c', 'a']);
  });
});
