import { beforeEach, describe, expect, it } from 'vitest';
import type { DeploymentJob } from '#core';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import { WakeSignal } from '../../common/wake-signal.js';
import { PendingJobs } from './pending-jobs.js';

const everything = (): boolean => true;

describe('PendingJobs', () => {
  let pending: PendingJobs;
  const [a, b, c] = ['a', 'b', 'c'].map((model) => aDeploymentJob(model)) as [
    DeploymentJob,
    DeploymentJob,
    DeploymentJob,
  ];
  beforeEach(() => {
    pending = new PendingJobs();
    pending.add([a, b, c]);
  });

  it('takes jobs in order of arrival while they fit', () => {
    let room = 2;
    expect(pending.take(() => room-- > 0)).toEqual([a, b]);
    expect(pending.take(everything)).toEqual([c]);
    expect(pending.size).toBe(0);
  });

  it('queues a model once for several messages', () => {
    pending.add([aDeploymentJob('a')]);
    expect(pending.size).toBe(3);
  });

  it('does not queue a taken job', () => {
    pending.take(everything);
    pending.add([a]);
    expect(pending.size).toBe(0);
  });

  it('queues a job again after removeTaken', () => {
    pending.take(everything);
    pending.removeTaken([a]);
    pending.add([a, b]);
    expect(pending.take(everything)).toEqual([a]);
  });

  it('requeues jobs in front of later ones', () => {
    const [first] = pending.take((job) => job === a);
    pending.requeueFirst(first ? [first] : []);
    expect(pending.take(everything)).toEqual([a, b, c]);
  });

  it('drains a requeued job', () => {
    pending.requeueFirst(pending.take(everything));
    expect(pending.drain()).toEqual([a, b, c]);
    expect(pending.size).toBe(0);
  });

  it('reserves a job for one lane, in front of the others', () => {
    pending.take(everything);
    pending.requeueFirst([b, c]);
    pending.reserveFor([{ job: a, signer: 'second' }]);
    expect([pending.countReservedFor('first'), pending.countReservedFor('second')]).toEqual([0, 1]);
    expect([pending.sharedCount, pending.size]).toEqual([2, 3]);
    expect(pending.takeReserved('first')).toEqual([]);
    expect(pending.take(everything)).toEqual([b, c]);
    expect(pending.takeReserved('second')).toEqual([a]);
    expect([pending.countReservedFor('second'), pending.size]).toEqual([0, 0]);
  });

  it('takes reserved and shared jobs up to a limit of each', () => {
    pending.reserveFor([{ job: c, signer: 'first' }]);
    pending.reserveFor([{ job: b, signer: 'first' }]);
    pending.add([aDeploymentJob('d')]);
    expect(pending.take(everything, { limit: 0 })).toEqual([]);
    expect(pending.takeReserved('first', { limit: 0 })).toEqual([]);
    expect(pending.take(everything, { limit: 1 })).toEqual([a]);
    expect(pending.takeReserved('first', { limit: 1 })).toEqual([c]);
    expect(pending.takeReserved('first')).toEqual([b]);
    expect(pending.size).toBe(1);
  });

  it('drops the reservation when a job is taken or drained', () => {
    pending.reserveFor([{ job: a, signer: 'second' }]);
    pending.drain();
    pending.add([a]);
    expect(pending.take(everything)).toEqual([a]);
  });

  it('lets every lane take the jobs that are reserved for a lane that is gone', () => {
    pending.reserveFor([
      { job: a, signer: 'gone' },
      { job: b, signer: 'first' },
    ]);
    pending.releaseReserved((lane) => lane === 'gone');
    expect(pending.take(everything)).toEqual([a, c]);
    expect(pending.takeReserved('first')).toEqual([b]);
  });

  it('notifies of added and requeued jobs', async () => {
    const bell = new WakeSignal();
    pending.arrivals.subscribe(bell);
    const heard = async (): Promise<void> => await bell.wait(2 ** 30, new AbortController().signal);
    pending.add([a]);
    await heard();
    pending.requeueFirst(pending.take(everything));
    await expect(heard()).resolves.toBeUndefined();
  });

  it('requeues a job that was not executed while its batch is still processed', () => {
    pending.take(everything);
    pending.requeue([b]);
    pending.removeTaken([a, b, c]);
    expect(pending.take(everything)).toEqual([b]);
  });

  it('takes deferred jobs last', () => {
    expect(pending.take(everything, { isDeferred: (modelId) => modelId !== 'b' })).toEqual([b, a, c]);
    pending.reserveFor([a, b].map((job) => ({ job, signer: 'first' })));
    expect(pending.takeReserved('first', { isDeferred: (modelId) => modelId === 'a' })).toEqual([b, a]);
  });

  it('counts deferred jobs towards the limit', () => {
    expect(pending.take(everything, { limit: 2, isDeferred: (modelId) => modelId === 'a' })).toEqual([b, c]);
  });
});
