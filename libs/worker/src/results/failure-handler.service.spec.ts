import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aClaimedMessage, aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import type { ClaimedMessage, DeadLetterReason } from '#core';
import { FailureHandler } from './failure-handler.service.js';
import { InFlightMessages } from '../consumer/in-flight-messages.js';

describe('FailureHandler', () => {
  let useCase: WorkerHarness;

  beforeEach(async () => {
    useCase = await WorkerHarness.create({ maxRetriesCap: 5 });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => vi.restoreAllMocks());

  async function claim(...messages: readonly ClaimedMessage[]): Promise<void> {
    useCase.queue.push(...messages);
    useCase.get(InFlightMessages).add(await useCase.queue.claim(messages.length));
  }

  async function fail(message: ClaimedMessage, reason: DeadLetterReason = 'deployment_reverted'): Promise<void> {
    await useCase.get(FailureHandler).settle([{ message, reason, error: 'it reverted', transactionHashes: ['0xabc'] }]);
  }

  async function settlementOf(message: ClaimedMessage, reason?: DeadLetterReason) {
    await claim(message);
    await fail(message, reason);
    return useCase.queue.settlementOf(message.lease);
  }

  function deadLetterOf(message: ClaimedMessage): unknown {
    const settlement = useCase.queue.settlementOf(message.lease);
    if (settlement?.kind !== 'dead-letter') throw new Error(`settled as ${settlement?.kind}`);
    return JSON.parse(settlement.entry);
  }

  it('schedules retries with growing delays while retries remain', async () => {
    const first = aMessageFor('a');
    const third = aClaimedMessage(first.bytes, { attempts: 2 });
    expect(await settlementOf(first)).toEqual({ kind: 'retry', delayMs: 1_000, reason: 'deployment_reverted' });
    expect(await settlementOf(third)).toEqual({ kind: 'retry', delayMs: 4_000, reason: 'deployment_reverted' });
  });

  it.each([
    { what: 'its own allowance', envelope: { max_retries: 2 }, allowed: 2 },
    { what: 'its own allowance, less what the producer spent', envelope: { retry_count: 2 }, allowed: 1 },
    { what: "the service's cap", envelope: { max_retries: 50 }, allowed: 5 },
  ])('dead-letters a message that has spent $what, and none before', async ({ envelope, allowed }) => {
    const last = { ...aMessageFor('a', {}, envelope), attempts: allowed - 1 };
    const spent = { ...aMessageFor('a', {}, envelope), attempts: allowed };
    expect((await settlementOf(last))?.kind).toBe('retry');
    expect((await settlementOf(spent))?.kind).toBe('dead-letter');
  });

  it('subtracts retries that the producer consumed', async () => {
    expect((await settlementOf(aMessageFor('a', {}, { retry_count: 3 })))?.kind).toBe('dead-letter');
  });

  it('gives a replayed message its full retry budget', async () => {
    const spent = aMessageFor('a', {}, { retry_count: 3 });
    expect((await settlementOf({ ...spent, replays: 1, attempts: 2 }))?.kind).toBe('retry');
    expect((await settlementOf({ ...spent, lease: 'another:1', replays: 1, attempts: 3 }))?.kind).toBe('dead-letter');
  });

  it('does not retry a permanent failure', async () => {
    expect((await settlementOf(aMessageFor('a'), 'conflict'))?.kind).toBe('dead-letter');
  });

  it('does not retry an unreadable message', async () => {
    expect((await settlementOf(aClaimedMessage('garbage'), 'internal_error'))?.kind).toBe('dead-letter');
  });

  it('writes all fields of a dead letter', async () => {
    const message = aMessageFor('a', {}, { max_retries: 0 });
    await settlementOf(message);
    expect(deadLetterOf(message)).toMatchObject({
      original_message: Buffer.from(message.bytes).toString(),
      error: 'it reverted',
      queue: 'hokusai:model_ready_queue',
      reason: 'deployment_reverted',
      message_id: 'message-a',
      model_id: 'a',
      attempts: 0,
      tx_hashes: ['0xabc'],
      worker: 'worker-1',
    });
  });

  it('logs and counts the settlement of a message', async () => {
    const [again, never] = [aMessageFor('a'), aMessageFor('b', {}, { max_retries: 0 })];
    await settlementOf(again, 'internal_error');
    await settlementOf(never);
    expect(useCase.logs.lines).toMatchObject([
      {
        level: 'warn',
        message: 'message retry scheduled',
        reason: 'internal_error',
        message_id: 'message-a',
        delay_ms: 500,
      },
      { level: 'warn', message: 'message dead-lettered', error: 'it reverted', message_id: 'message-b', model_id: 'b' },
    ]);
    expect(await useCase.metric('messages_retried_total', { reason: 'internal_error' })).toBe(1);
    expect(await useCase.metric('messages_dead_lettered_total', { reason: 'deployment_reverted' })).toBe(1);
    expect(await useCase.metric('messages_processed_total', { outcome: 'retried' })).toBe(1);
    expect(await useCase.metric('messages_processed_total', { outcome: 'dead_lettered' })).toBe(1);
  });

  it('neither logs nor counts a fenced message', async () => {
    const message = aMessageFor('a');
    await claim(message);
    useCase.queue.expire(message.lease);
    await fail(message);
    expect(useCase.get(InFlightMessages).size).toBe(0);
    expect(useCase.logs.lines).toEqual([]);
    expect(await useCase.metric('messages_retried_total')).toBe(0);
  });

  it('counts a message once when its settlement is repeated', async () => {
    const message = aMessageFor('a', {}, { max_retries: 0 });
    await claim(message);
    await useCase.queue.settle([{ lease: message.lease, settlement: { kind: 'dead-letter', entry: '{}' } }]);
    await fail(message);
    await fail(message);
    expect(await useCase.metric('messages_dead_lettered_total')).toBe(1);
    expect(useCase.logs.withMessage('message dead-lettered')).toHaveLength(1);
  });

  it('settles several messages in one call', async () => {
    const messages = [aMessageFor('a'), aMessageFor('b'), aMessageFor('c')];
    await claim(...messages);
    let calls = 0;
    useCase.queue.before = () => {
      calls += 1;
    };
    const failed = messages.map((message) => ({
      message,
      reason: 'conflict' as const,
      error: 'x',
      transactionHashes: [],
    }));
    await useCase.get(FailureHandler).settle(failed);
    await useCase.get(FailureHandler).settle([]);
    expect(calls).toBe(1);
    expect(useCase.queue.settled).toHaveLength(3);
  });
});
