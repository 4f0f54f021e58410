import { beforeEach, describe, expect, it } from 'vitest';
import { aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { HoldError } from '#core';
import { InFlightMessages } from '../consumer/in-flight-messages.js';
import { MessageReleaser } from './message-releaser.service.js';

describe('MessageReleaser', () => {
  const messages = [aMessageFor('a'), aMessageFor('b')];
  const leases = messages.map(({ lease }) => lease);
  let useCase: WorkerHarness;

  beforeEach(async () => {
    useCase = await WorkerHarness.create();
    useCase.queue.push(...messages);
    useCase.get(InFlightMessages).add(await useCase.queue.claim(2));
  });

  it('releases messages without consuming a retry', async () => {
    await useCase.get(MessageReleaser).release(leases);
    expect(useCase.queue.settled).toEqual(leases.map((lease) => ({ lease, settlement: { kind: 'release' } })));
    expect(useCase.get(InFlightMessages).size).toBe(0);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(2);
    expect(useCase.logs.withMessage('messages released')).toMatchObject([{ messages: 2 }]);
  });

  it('counts only messages that it released', async () => {
    useCase.queue.expire(leases[0] ?? '');
    await useCase.get(MessageReleaser).release(leases);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(1);
    expect(useCase.get(InFlightMessages).size).toBe(0);
  });

  it('keeps all messages in flight when it fails', async () => {
    useCase.queue.before = () => {
      throw new HoldError('redis_unavailable', 'no reply');
    };
    await expect(useCase.get(MessageReleaser).release(leases)).rejects.toBeInstanceOf(HoldError);
    expect(useCase.get(InFlightMessages).leases).toEqual(leases);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(0);
    useCase.queue.before = () => undefined;
    await useCase.get(MessageReleaser).release(leases);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(2);
  });

  it('does not call the queue without leases', async () => {
    let calls = 0;
    useCase.queue.before = () => {
      calls += 1;
    };
    await useCase.get(MessageReleaser).release([]);
    expect(calls).toBe(0);
  });
});
