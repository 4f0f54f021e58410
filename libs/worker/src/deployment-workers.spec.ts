import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aClaimedMessage, aMessageFor } from '../../../test/support/fixtures/claimed-message.fixture.js';
import { aDeployedToken } from '../../../test/support/fixtures/deployed-token.fixture.js';
import { until } from '../../../test/support/until.js';
import { WorkerHarness } from '../../../test/support/worker-harness.js';
import { HoldError, JobResultHandler } from '#core';
import { DeploymentWorkers } from './deployment-workers.js';

describe('DeploymentWorkers', () => {
  let useCase: WorkerHarness;
  let runner: DeploymentWorkers;

  beforeEach(async () => {
    useCase = await WorkerHarness.create({ leaseDurationMs: 30 });
    runner = useCase.get(DeploymentWorkers);
  });
  afterEach(async () => {
    await runner.stopClaiming();
    await runner.stop();
  });

  async function started(...modelIds: readonly string[]) {
    const messages = modelIds.map((modelId) => aMessageFor(modelId));
    useCase.queue.push(...messages);
    runner.start();
    await until('the submissions', () => useCase.deployer.modelIds.length >= modelIds.length);
    return messages;
  }

  it('publishes the event of a queued message', async () => {
    await started('a');
    const outcomes = useCase.get(JobResultHandler);
    await outcomes.complete(null, [{ kind: 'deployed', job: useCase.jobs.jobOf('a'), token: aDeployedToken() }]);
    expect(useCase.jobs.events).toHaveLength(1);
    expect(useCase.queue.processing.size).toBe(0);
  });

  it('claims, renews leases and maintains the queue', async () => {
    await started('a');
    const renewed = await until('a renewal', () => useCase.queue.renewals[0]);
    expect(renewed).toEqual([...useCase.queue.processing.keys()]);
    const promotions = await until('a round', () => useCase.queue.promotions || null);
    expect(promotions).toBe(1);
  });

  it('renews leases without claiming while the lanes stop', async () => {
    await started('a');
    await runner.stopClaiming();
    useCase.queue.push(aMessageFor('b'));
    const { length } = useCase.queue.renewals;
    await until('two more renewals', () => useCase.queue.renewals.length >= length + 2);
    expect(useCase.queue.messages).toHaveLength(1);
    expect(useCase.queue.settled).toEqual([]);
  });

  it('releases every in-flight message without consuming a retry when it stops', async () => {
    const messages = await started('a', 'b');
    useCase.jobs.change('b', { state: 'submitted' });
    await runner.stopClaiming();
    await runner.stop();
    expect(useCase.queue.settled).toEqual(messages.map(({ lease }) => ({ lease, settlement: { kind: 'release' } })));
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(2);
    expect(await useCase.metric('messages_in_flight')).toBe(0);
  });

  it('releases a batch when an outage prevented its admission', async () => {
    const message = aMessageFor('a');
    let outages = 0;
    useCase.jobs.before = () => {
      outages += 1;
      throw new HoldError('redis_unavailable', 'no reply');
    };
    useCase.queue.push(message);
    runner.start();
    await until('the outage', () => outages > 0);
    await runner.stopClaiming();
    await runner.stop();
    expect(useCase.queue.settled).toEqual([{ lease: message.lease, settlement: { kind: 'release' } }]);
  });

  it('stops during an outage and renews no leases', async () => {
    await started('a');
    await runner.stopClaiming();
    useCase.queue.before = () => {
      throw new HoldError('redis_unavailable', 'no reply');
    };
    await runner.stop();
    expect(useCase.logs.withMessage('messages not released; their leases will expire')).toHaveLength(1);
  });

  it('dead-letters no released message', async () => {
    useCase.queue.push({ ...aMessageFor('a', {}, { max_retries: 0 }), stalls: 4 });
    await started('b');
    useCase.queue.push(aClaimedMessage('garbage'));
    const kinds = (): readonly string[] => useCase.queue.settled.map(({ settlement }) => settlement.kind);
    await until('the dead letter', () => kinds().includes('dead-letter'));
    await until('both messages in hand', () => useCase.queue.processing.size === 2);
    await runner.stopClaiming();
    await runner.stop();
    expect(kinds().slice(-2)).toEqual(['release', 'release']);
    expect(kinds().filter((kind) => kind === 'dead-letter')).toHaveLength(1);
  });
});
