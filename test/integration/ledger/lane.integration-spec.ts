import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LaneLease } from '#core';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { attempt, LANE, LedgerFixture, request, slot } from './ledger.fixture.js';

describe('Lane of a signer', () => {
  let server: RedisServer;
  let ledger: LedgerFixture;
  let rival: LedgerFixture;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(async () => {
    ledger = await LedgerFixture.open(server);
    rival = ledger.sibling({ owner: 'replica-b' });
  });
  afterEach(() => ledger.close());
  afterAll(() => server.stop());

  /** Lets a lease run out without waiting for it. */
  const expire = () => ledger.redis.hset(ledger.keys.lane(LANE), 'expiresAt', '1');

  describe('lease', () => {
    it('says who has it and for how long', async () => {
      expect(await rival.journal.owner(LANE)).toBeNull();
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      const tenure = await rival.journal.owner(LANE);
      expect(tenure).toMatchObject({ owner: 'replica-a', epoch: 1 });
      expect(tenure?.leaseLeftMs).toBeGreaterThan(50_000);
      expect(tenure?.leaseLeftMs).toBeLessThanOrEqual(60_000);
      await expire();
      expect(await rival.journal.owner(LANE)).toBeNull();
      await ledger.journal.acquire(LANE, 60_000);
      await ledger.journal.release({ ...lease, epoch: 2 });
      expect(await rival.journal.owner(LANE)).toBeNull();
    });

    it('goes to the first who asks, for as long as it lasts', async () => {
      expect(await ledger.journal.acquire(LANE, 60_000)).toEqual({ lane: LANE, epoch: 1 });
      expect(await rival.journal.acquire(LANE, 60_000)).toBeNull();
    });

    it('runs out by itself and gets a new epoch', async () => {
      await ledger.journal.acquire(LANE, 50);
      const taken = await until('the lease to run out', () => rival.journal.acquire(LANE, 60_000));
      expect(taken).toEqual({ lane: LANE, epoch: 2 });
    });

    it('goes to its owner again, who thereby fences what it did before', async () => {
      const first = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      const second = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      expect(second.epoch).toBe(2);
      expect(await ledger.journal.renew(first, 60_000)).toBe(false);
      expect(await ledger.journal.renew(second, 60_000)).toBe(true);
    });

    it('goes to only one of many who ask at once', async () => {
      const rivals = Array.from({ length: 8 }, (_, i) => ledger.sibling({ owner: `replica-${i}` }));
      const leases = await Promise.all(rivals.map((replica) => replica.journal.acquire(LANE, 60_000)));
      expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    });

    it('lasts longer when renewed', async () => {
      const lease = (await ledger.journal.acquire(LANE, 1_000)) as LaneLease;
      expect(await ledger.journal.renew(lease, 3_600_000)).toBe(true);
      const end = Number(await ledger.redis.hget(ledger.keys.lane(LANE), 'expiresAt'));
      const [seconds] = await ledger.redis.time();
      expect(Math.abs(end - Number(seconds) * 1_000 - 3_600_000)).toBeLessThan(5_000);
    });

    it('cannot be renewed once it expired, although no other replica acquired it', async () => {
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      await expire();
      expect(await ledger.journal.renew(lease, 60_000)).toBe(false);
    });

    it('is free after release, with its nonce, slots and epoch kept', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.journal.release(lease);
      expect(await ledger.journal.renew(lease, 60_000)).toBe(false);
      expect(await rival.journal.acquire(LANE, 60_000)).toEqual({ lane: LANE, epoch: lease.epoch + 1 });
      expect(await rival.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: null, slots: [slot()] });
    });

    it('of another is not given up by an old one', async () => {
      const old = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      await expire();
      const lease = (await rival.journal.acquire(LANE, 60_000)) as LaneLease;
      await ledger.journal.release(old);
      expect(await rival.journal.renew(lease, 60_000)).toBe(true);
    });

    it.each([
      ['its duration is known', true],
      ['an earlier version wrote it', false],
    ])('that ends further ahead than twice its duration has expired when %s', async (_, known) => {
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      const ends = Number(await ledger.redis.hget(ledger.keys.lane(LANE), 'expiresAt'));
      await ledger.redis.hset(ledger.keys.lane(LANE), 'expiresAt', ends + 3_600_000);
      if (!known) await ledger.redis.hdel(ledger.keys.lane(LANE), 'leaseMs');
      expect((await rival.journal.owner(LANE)) === null).toBe(known);
      expect(await rival.journal.acquire(LANE, 60_000)).toEqual({ lane: LANE, epoch: lease.epoch + 1 });
      expect(await ledger.journal.renew(lease, 60_000)).toBe(false);
    });

    it('that ends too far ahead is renewed by its live owner', async () => {
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      await ledger.redis.hincrby(ledger.keys.lane(LANE), 'expiresAt', 3_600_000);
      expect(await ledger.journal.renew(lease, 60_000)).toBe(true);
      expect(await rival.journal.acquire(LANE, 60_000)).toBeNull();
    });

    it('of another replica holds when it is longer than the own', async () => {
      await ledger.journal.acquire(LANE, 60_000);
      expect(await rival.journal.acquire(LANE, 1_000)).toBeNull();
    });

    it('ends when an operator frees the lane, who is in the audit trail', async () => {
      const action = { actor: 'alice', requestId: 'r-1', note: 'its host is gone' };
      expect(await rival.journal.free(LANE, action)).toBe(false);
      const { lease } = await ledger.submitted('model-1');
      expect(await rival.journal.free(LANE, action)).toBe(true);
      expect(await rival.journal.owner(LANE)).toBeNull();
      expect(await ledger.journal.addAttempt(lease, 7, attempt('0xbb'))).toEqual({ kind: 'fenced' });
      expect(await rival.journal.acquire(LANE, 60_000)).toEqual({ lane: LANE, epoch: lease.epoch + 1 });
      expect(await rival.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: null, slots: [slot()] });
      const [record, ...more] = await ledger.redis.xrange(ledger.queue.audit, '-', '+');
      expect(more).toEqual([]);
      expect(record?.[1]).toEqual(
        expect.arrayContaining(['free_lane', 'alice', 'r-1', 'its host is gone', 'held_by', 'replica-a', LANE]),
      );
    });

    it('is one for an address in any case, and another for another signer', async () => {
      await ledger.journal.acquire(LANE, 60_000);
      expect(await rival.journal.acquire(LANE.toLowerCase(), 60_000)).toBeNull();
      expect(await rival.journal.acquire(ANVIL_ACCOUNTS[1].address, 60_000)).not.toBeNull();
    });
  });

  describe('nonce', () => {
    it('is unknown before the first use', async () => {
      expect(await ledger.journal.read(LANE)).toEqual({ nextNonce: null, closedBlock: null, slots: [] });
    });

    it('is set by the owner of the lease', async () => {
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      expect(await ledger.journal.resetNonce(lease, 0)).toBe(true);
      expect(await ledger.journal.read(LANE)).toEqual({ nextNonce: 0, closedBlock: null, slots: [] });
    });

    it('is not set while a slot is open', async () => {
      const { lease } = await ledger.submitted('model-1');
      expect(await ledger.journal.resetNonce(lease, 12)).toBe(false);
      await ledger.jobs.complete({ lease, nonce: 7 }, [{ kind: 'returned', modelId: 'model-1' }]);
      expect(await ledger.journal.resetNonce(lease, 12)).toBe(true);
      expect((await ledger.journal.read(LANE)).nextNonce).toBe(12);
    });

    it('is kept with the block of the slot that closed last', async () => {
      const { lease } = await ledger.submitted('model-1');
      const verdicts = [{ kind: 'returned', modelId: 'model-1' }] as const;
      expect(await rival.jobs.complete({ lease, nonce: 7, block: 99 }, verdicts)).toBeNull();
      expect(await ledger.journal.read(LANE)).toMatchObject({ nextNonce: 8, closedBlock: null });
      await ledger.jobs.complete({ lease, nonce: 7, block: 70 }, verdicts);
      expect(await ledger.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: 70, slots: [] });
    });
  });

  describe('writes', () => {
    const losses: readonly (readonly [string, (lease: LaneLease) => Promise<LaneLease>])[] = [
      ['a lease that ran out', async (lease) => expire().then(() => lease)],
      [
        'the lease of the owner before',
        async (lease) => {
          await expire();
          await rival.journal.acquire(LANE, 60_000);
          return lease;
        },
      ],
      ['an older epoch of the same owner', async (lease) => ledger.journal.acquire(LANE, 60_000).then(() => lease)],
      ['a lease given up', async (lease) => ledger.journal.release(lease).then(() => lease)],
      ['an epoch that was never given', async (lease) => ({ ...lease, epoch: lease.epoch + 1 })],
    ];

    it.each(losses)('are refused under %s', async (_, lose) => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.admit(request('model-2'));
      const lost = await lose(lease);
      const before = await ledger.contents();
      expect(await ledger.journal.commit(lost, slot({ nonce: 8, modelIds: ['model-2'] }))).toEqual({ kind: 'fenced' });
      expect(await ledger.journal.addAttempt(lost, 7, attempt('0xbb'))).toEqual({ kind: 'fenced' });
      expect(await ledger.journal.renew(lost, 60_000)).toBe(false);
      expect(
        await ledger.jobs.complete({ lease: lost, nonce: 7 }, [{ kind: 'returned', modelId: 'model-1' }]),
      ).toBeNull();
      expect(await ledger.contents()).toEqual(before);
    });

    it.each(losses)('of the nonce are refused under %s', async (_, lose) => {
      const lost = await lose(await ledger.lane(7));
      expect(await ledger.journal.resetNonce(lost, 99)).toBe(false);
      expect((await ledger.journal.read(LANE)).nextNonce).toBe(7);
    });

    it('are refused under the lease of another owner', async () => {
      const { lease } = await ledger.submitted('model-1');
      expect(await rival.journal.addAttempt(lease, 7, attempt('0xbb'))).toEqual({ kind: 'fenced' });
      expect(await rival.jobs.complete({ lease, nonce: 7 }, [])).toBeNull();
    });
  });
});
