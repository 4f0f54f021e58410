import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedMessage, LaneLease } from '#core';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { attempt, deployed, failed, kept, LANE, LedgerFixture, request, slot } from './ledger.fixture.js';

describe('Journal of transactions', () => {
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

  describe('commit', () => {
    it('writes slot, next nonce and job states together', async () => {
      await ledger.admit(request('model-1'), request('model-2'));
      const committed = slot({ modelIds: ['model-1', 'model-2'] });
      expect(await ledger.journal.commit(await ledger.lane(), committed)).toEqual({ kind: 'committed' });
      expect(await ledger.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: null, slots: [committed] });
      for (const modelId of committed.modelIds) {
        expect(await ledger.jobs.find(modelId)).toMatchObject({
          state: 'submitted',
          slot: { lane: LANE, nonce: 7 },
          attempts: [kept(attempt())],
        });
      }
    });

    it('refuses a lane without a nonce', async () => {
      await ledger.admit(request('model-1'));
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      expect(await ledger.journal.commit(lease, slot({ nonce: 0 }))).toEqual({ kind: 'wrong-nonce', nextNonce: null });
      expect(await ledger.states('model-1')).toEqual(['admitted']);
    });

    it.each([6, 8])('refuses nonce %i when 7 is next, and writes nothing', async (nonce) => {
      await ledger.admit(request('model-1'));
      const lease = await ledger.lane(7);
      const before = await ledger.contents();
      expect(await ledger.journal.commit(lease, slot({ nonce }))).toEqual({ kind: 'wrong-nonce', nextNonce: 7 });
      expect(await ledger.contents()).toEqual(before);
    });

    it('names the jobs that are not admitted any more and writes nothing', async () => {
      const { lease } = await ledger.submitted('submitted');
      await ledger.admit(request('open'), request('failed'), request('deployed'));
      await ledger.jobs.complete(null, [failed('failed'), deployed('deployed')]);
      const before = await ledger.contents();
      const modelIds = ['open', 'submitted', 'failed', 'deployed', 'unknown'];
      expect(await ledger.journal.commit(lease, slot({ nonce: 8, modelIds }))).toEqual({
        kind: 'jobs-taken',
        modelIds: ['submitted', 'failed', 'deployed', 'unknown'],
      });
      expect(await ledger.contents()).toEqual(before);
    });

    it('refuses the former record of a job that a message with another record took over meanwhile', async () => {
      const former = request('model-1');
      const [message] = await ledger.admit(former);
      const rival = request('model-1', { tokenSymbol: 'RIVAL' });
      // What a replica finds that was frozen for longer than the lease of its message.
      await ledger.fence(message as ClaimedMessage);
      await ledger.admit(rival);
      const lease = await ledger.lane();
      const before = await ledger.contents();
      expect(await ledger.journal.commit(lease, slot(), [former.record])).toEqual({
        kind: 'jobs-taken',
        modelIds: ['model-1'],
      });
      expect(await ledger.contents()).toEqual(before);
      expect(await ledger.journal.commit(lease, slot(), [rival.record])).toEqual({ kind: 'committed' });
    });

    it('lets only one of two replicas take a job', async () => {
      const rival = ledger.sibling({ owner: 'replica-b' });
      await ledger.admit(request('model-1'));
      const other = (await rival.journal.acquire(ANVIL_ACCOUNTS[1].address, 60_000)) as LaneLease;
      await rival.journal.resetNonce(other, 0);
      const results = await Promise.all([
        ledger.journal.commit(await ledger.lane(), slot()),
        rival.journal.commit(other, slot({ nonce: 0, attempts: [attempt('0xbb')] })),
      ]);
      expect(results.map(({ kind }) => kind).toSorted()).toEqual(['committed', 'jobs-taken']);
      expect((await ledger.jobs.find('model-1'))?.attempts).toHaveLength(1);
    });

    it('journals nothing for a queue that was moved, and completes what was journaled before', async () => {
      await ledger.admit(request('other'));
      const { lease } = await ledger.submitted('model-1');
      const contract = '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512';
      await ledger.redis.hset(ledger.queue.home, { chain_id: '31337', contract });
      const refused = await ledger.journal.commit(lease, slot({ nonce: 8, modelIds: ['other'] }));
      expect(refused).toMatchObject({ kind: 'wrong-home', detail: expect.stringContaining(contract) as string });
      expect(await ledger.states('other', 'model-1')).toEqual(['admitted', 'submitted']);
      expect(await ledger.journal.commit(lease, slot())).toEqual({ kind: 'committed' });
    });

    it('answers a repeat as the first time and writes nothing twice', async () => {
      const { lease } = await ledger.submitted('model-1');
      const before = await ledger.contents();
      expect(await ledger.journal.commit(lease, slot())).toEqual({ kind: 'committed' });
      expect(await ledger.contents()).toEqual(before);
    });

    it('does not take another transaction with the same nonce for a repeat', async () => {
      const { lease } = await ledger.submitted('model-1');
      const other = slot({ attempts: [attempt('0xbb')] });
      expect(await ledger.journal.commit(lease, other)).toEqual({ kind: 'wrong-nonce', nextNonce: 8 });
    });

    it('keeps slots of several nonces in order', async () => {
      const lease = await ledger.lane(9);
      for (const nonce of [9, 10, 11]) {
        await ledger.admit(request(`model-${nonce}`));
        await ledger.journal.commit(lease, slot({ nonce, modelIds: [`model-${nonce}`] }));
      }
      expect((await ledger.journal.read(LANE)).slots.map(({ nonce }) => nonce)).toEqual([9, 10, 11]);
    });

    it('keeps the attempts of earlier transactions of a job', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.jobs.complete({ lease, nonce: 7 }, [{ kind: 'returned', modelId: 'model-1' }]);
      await ledger.journal.commit(lease, slot({ nonce: 8, attempts: [attempt('0xbb'), attempt('0xcc')] }));
      const attempts = ['0xaa', '0xbb', '0xcc'].map((hash) => kept(attempt(hash)));
      expect((await ledger.jobs.find('model-1'))?.attempts).toEqual(attempts);
    });

    it('carries 250 jobs in one slot', async () => {
      const modelIds = Array.from({ length: 250 }, (_, i) => `model-${i}`);
      const { lease } = await ledger.submitted(...modelIds);
      expect(await ledger.states('model-0', 'model-249')).toEqual(['submitted', 'submitted']);
      const settled = await ledger.jobs.complete({ lease, nonce: 7 }, modelIds.map(deployed));
      expect(settled?.filter(({ changed, acknowledged }) => changed && acknowledged.length === 1)).toHaveLength(250);
      expect(await ledger.processing()).toEqual([]);
      expect(await ledger.redis.llen(ledger.options.deployedQueueName)).toBe(250);
    });
  });

  describe('replacement', () => {
    const replacement = attempt('0xbb', { maxFeePerGas: 2n ** 70n });

    it('joins the slot and its jobs', async () => {
      const { lease } = await ledger.submitted('model-1', 'model-2');
      expect(await ledger.journal.addAttempt(lease, 7, replacement)).toEqual({ kind: 'committed' });
      const { slots } = await ledger.journal.read(LANE);
      expect(slots).toEqual([slot({ modelIds: ['model-1', 'model-2'], attempts: [attempt(), replacement] })]);
      for (const modelId of ['model-1', 'model-2']) {
        expect((await ledger.jobs.find(modelId))?.attempts).toEqual([kept(attempt()), kept(replacement)]);
      }
    });

    it('is added once, however often it is asked for', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.journal.addAttempt(lease, 7, replacement);
      const before = await ledger.contents();
      expect(await ledger.journal.addAttempt(lease, 7, replacement)).toEqual({ kind: 'committed' });
      expect(await ledger.contents()).toEqual(before);
    });

    it('needs an open slot', async () => {
      const { lease } = await ledger.submitted('model-1');
      expect(await ledger.journal.addAttempt(lease, 8, replacement)).toEqual({ kind: 'fenced' });
      expect((await ledger.jobs.find('model-1'))?.attempts).toEqual([kept(attempt())]);
    });
  });

  it('survives the restart of a Redis that keeps its data', async () => {
    const durable = await RedisServer.start(['--appendonly', 'yes', '--appendfsync', 'always']);
    const replica = await LedgerFixture.open(durable);
    try {
      const { lease } = await replica.submitted('model-1');
      await durable.stopProcess('SIGKILL');
      await durable.restart();
      expect(await replica.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: null, slots: [slot()] });
      expect(await replica.journal.renew(lease, 60_000)).toBe(true);
      expect(await replica.states('model-1')).toEqual(['submitted']);
    } finally {
      replica.close();
      await durable.stop();
    }
  });
});
