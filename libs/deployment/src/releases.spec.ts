import { beforeEach, describe, expect, it } from 'vitest';
import { aMessageFor } from '../../../test/support/builders/claimed-message.js';
import { UseCase } from '../../../test/support/use-case.js';
import { Held } from '#core';
import { MessagesInHand } from './messages-in-hand.js';
import { Releases } from './releases.js';

describe('Releases', () => {
  const messages = [aMessageFor('a'), aMessageFor('b')];
  const leases = messages.map(({ lease }) => lease);
  let useCase: UseCase;

  beforeEach(async () => {
    useCase = await UseCase.make();
    useCase.queue.push(...messages);
    useCase.get(MessagesInHand).take(await useCase.queue.claim(2));
  });

  it('gives messages back without spending anything', async () => {
    await useCase.get(Releases).release(leases);
    expect(useCase.queue.settled).toEqual(leases.map((lease) => ({ lease, settlement: { kind: 'release' } })));
    expect(useCase.get(MessagesInHand).size).toBe(0);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(2);
    expect(useCase.log.saying('messages released')).toMatchObject([{ messages: 2 }]);
  });

  it('counts only what it released itself', async () => {
    useCase.queue.expire(leases[0] ?? '');
    await useCase.get(Releases).release(leases);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(1);
    expect(useCase.get(MessagesInHand).size).toBe(0);
  });

  it('keeps everything in hand when it fails, and can be repeated', async () => {
    useCase.queue.before = () => {
      throw new Held('redis_unavailable', 'no reply');
    };
    await expect(useCase.get(Releases).release(leases)).rejects.toBeInstanceOf(Held);
    expect(useCase.get(MessagesInHand).leases).toEqual(leases);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(0);
    useCase.queue.before = () => undefined;
    await useCase.get(Releases).release(leases);
    expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(2);
  });

  it('asks nobody when there is nothing to release', async () => {
    let calls = 0;
    useCase.queue.before = () => {
      calls += 1;
    };
    await useCase.get(Releases).release([]);
    expect(calls).toBe(0);
  });
});
