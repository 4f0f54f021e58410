import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeploymentJob, JOB_STATES } from '#core';
import { RedisServer } from '../../support/redis/redis-server.js';
import { kept, LANE, LedgerFixture } from './ledger.fixture.js';
import { MODELS, steps, TwoReplicas } from './two-replicas.js';

/** Invariants after any steps of two replicas. */
describe('Ledger after any steps of two replicas', () => {
  let server: RedisServer;
  let ledger: LedgerFixture;

  beforeAll(async () => {
    server = await RedisServer.start();
    ledger = await LedgerFixture.open(server);
  });
  afterAll(async () => {
    ledger.close();
    await server.stop();
  });

  const found = async (): Promise<readonly DeploymentJob[]> => {
    const jobs = await Promise.all(MODELS.map((modelId) => ledger.jobs.find(modelId)));
    return jobs.filter((job) => job !== null);
  };

  const checkEvents = async (jobs: readonly DeploymentJob[]) => {
    const published = (await ledger.events()).map((event) => (JSON.parse(event) as { model: string }).model);
    expect(published.toSorted()).toEqual(deployedIds(jobs));
  };

  const checkSlots = async (jobs: readonly DeploymentJob[]) => {
    const { nextNonce, slots } = await ledger.journal.read(LANE);
    for (const job of jobs) {
      const carriers = slots.filter(({ nonce }) => job.slot?.nonce === nonce);
      expect(carriers).toHaveLength(job.state === 'submitted' ? 1 : 0);
      for (const { modelIds, attempts } of carriers) {
        expect(modelIds).toContain(job.request.record.modelId);
        expect(job.attempts).toEqual(expect.arrayContaining(attempts.map((signed) => kept(signed))));
      }
    }
    for (const { nonce } of slots) expect(nonce).toBeLessThan(nextNonce ?? 0);
  };

  const checkLists = async (jobs: readonly DeploymentJob[]) => {
    for (const state of JOB_STATES) {
      const { items } = await ledger.jobs.list({ limit: 10, state });
      expect(items.map(({ request }) => request.record.modelId).toSorted()).toEqual(
        jobs.filter((job) => job.state === state).map((job) => job.request.record.modelId),
      );
    }
    expect((await ledger.jobs.list({ limit: 10 })).items).toHaveLength(jobs.length);
  };

  const checkMessages = async (jobs: readonly DeploymentJob[]) => {
    const inflight = await ledger.redis.hgetall(ledger.queue.inflight);
    expect((await ledger.processing()).toSorted()).toEqual(Object.values(inflight).toSorted());
    expect(Object.keys(inflight).toSorted()).toEqual(
      (await ledger.redis.zrange(ledger.queue.leases, '0', '-1')).toSorted(),
    );
    for (const { request, state } of jobs) {
      const attached = await ledger.redis.smembers(ledger.keys.leases(request.record.modelId));
      const live = attached.filter((lease) => lease in inflight);
      if (state === 'deployed') expect(live).toEqual([]);
      // A message that is settled with a job asked for the job's record.
      const wanted = `${request.record.modelId} ${request.record.tokenSymbol} `;
      expect(live.filter((lease) => !inflight[lease]?.startsWith(wanted))).toEqual([]);
    }
  };

  it('has one event per token, one slot per submitted job, and no message in two places', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        await ledger.redis.flushall();
        const replicas = new TwoReplicas(ledger);
        let before: readonly DeploymentJob[] = [];
        for (const step of script) {
          await replicas.claim(step);
          const jobs = await found();
          await checkEvents(jobs);
          await checkSlots(jobs);
          await checkMessages(jobs);
          expect(deployedIds(jobs)).toEqual(expect.arrayContaining(deployedIds(before)));
          before = jobs;
        }
        await checkLists(before);
      }),
      { numRuns: 60 },
    );
  });
});

function deployedIds(jobs: readonly DeploymentJob[]): string[] {
  return jobs.filter(({ state }) => state === 'deployed').map((job) => job.request.record.modelId);
}
