import { MAX_CLAIM_BYTES } from '#core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aClaimedMessage, aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { toRetryBudget, InFlightMessages } from './in-flight-messages.js';

const leasesOf = (messages: readonly { readonly lease: string }[]): readonly string[] =>
  messages.map(({ lease }) => lease);

describe('InFlightMessages', () => {
  let useCase: WorkerHarness;
  let inHand: InFlightMessages;

  beforeEach(async () => {
    useCase = await WorkerHarness.create();
    inHand = useCase.get(InFlightMessages);
  });

  const [first, second] = [aMessageFor('a'), aMessageFor('b')];

  it('reports the number of messages', async () => {
    inHand.add([first, second]);
    expect(inHand.size).toBe(2);
    expect(inHand.leases).toEqual([first.lease, second.lease]);
    expect(await useCase.metric('messages_in_flight')).toBe(2);
    inHand.remove(first.lease);
    expect(await useCase.metric('messages_in_flight')).toBe(1);
  });

  it('finds the messages of a model after they are bound', () => {
    const another = aMessageFor('a');
    inHand.add([first, second, another]);
    expect(inHand.leasesOf(['a', 'b'])).toEqual([]);
    for (const { lease } of [first, another]) inHand.bindToModel(lease, 'a');
    inHand.bindToModel(second.lease, 'b');
    expect(inHand.leasesOf(['a'])).toEqual([first.lease, another.lease]);
  });

  it('returns true for the first binding only', () => {
    inHand.add([first]);
    expect([
      inHand.bindToModel(first.lease, 'a'),
      inHand.bindToModel(first.lease, 'a'),
      inHand.bindToModel(second.lease, 'b'),
    ]).toEqual([true, false, false]);
  });

  it('lists messages that wait since before an instant', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const asked = performance.now();
    inHand.add([first, second]);
    inHand.bindToModel(first.lease, 'a');
    expect(leasesOf(inHand.idleSince(asked - 1, 9))).toEqual([]);
    expect(leasesOf(inHand.idleSince(asked, 9))).toEqual([first.lease]);
    vi.advanceTimersByTime(1_000);
    inHand.bindToModel(first.lease, 'a');
    expect(leasesOf(inHand.idleSince(asked, 9))).toEqual([]);
    vi.useRealTimers();
  });

  it('orders waiting messages by their last admission, up to the limit', () => {
    const third = aMessageFor('c');
    inHand.add([first, second, third]);
    for (const { lease } of [first, second, third, first]) inHand.bindToModel(lease, 'a');
    inHand.remove(second.lease);
    expect(leasesOf(inHand.idleSince(performance.now(), 9))).toEqual([third.lease, first.lease]);
    expect(leasesOf(inHand.idleSince(performance.now(), 1))).toEqual([third.lease]);
  });

  it('keeps no bytes, and lists no more of them than a claim takes', () => {
    const large = [1, 2, 3].map((n) => aClaimedMessage(`${n}`.repeat(MAX_CLAIM_BYTES / 2), { lease: `large:${n}` }));
    inHand.add(large);
    for (const { lease } of large) inHand.bindToModel(lease, 'a');
    const idle = inHand.idleSince(performance.now(), 9);
    expect(leasesOf(idle)).toEqual(['large:1', 'large:2']);
    expect(idle[0]).toMatchObject({ size: MAX_CLAIM_BYTES / 2 });
    expect(idle[0]).not.toHaveProperty('bytes');
  });

  it('counts a settlement by outcome and observes its duration', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    inHand.add([first]);
    vi.advanceTimersByTime(2_000);
    inHand.settled(first.lease, 'deployed');
    vi.useRealTimers();
    expect(inHand.size).toBe(0);
    expect(await useCase.metric('messages_processed_total', { outcome: 'deployed' })).toBe(1);
    const text = await useCase.metrics.registry.metrics();
    expect(text).toContain('message_processing_duration_seconds_sum{outcome="deployed"} 2\n');
  });

  it('counts a message of another replica without a duration', async () => {
    inHand.settled('elsewhere:1', 'duplicate');
    expect(await useCase.metric('messages_processed_total', { outcome: 'duplicate' })).toBe(1);
    expect(await useCase.metric('message_processing_duration_seconds_count', { outcome: 'duplicate' })).toBe(0);
  });

  it.each([
    { result: 'settled', held: true, counted: 1 },
    { result: 'settled', held: false, counted: 1 },
    { result: 'already', held: true, counted: 1 },
    { result: 'already', held: false, counted: 0 },
    { result: 'fenced', held: true, counted: 0 },
  ] as const)('counts $counted for "$result" when in hand is $held', async ({ result, held, counted }) => {
    if (held) inHand.add([first]);
    expect(inHand.recordSettlement(first.lease, result, 'retried')).toBe(counted === 1);
    expect(await useCase.metric('messages_processed_total', { outcome: 'retried' })).toBe(counted);
    expect(inHand.has(first.lease)).toBe(false);
  });
});

describe('toRetryBudget', () => {
  it('resets the retry count of a replayed message', () => {
    const spent = { maxRetries: 3, retryCount: 3 };
    expect(toRetryBudget(spent, aClaimedMessage())).toEqual({ ...spent, replayed: false });
    expect(toRetryBudget(spent, aClaimedMessage('', { replays: 1 }))).toEqual({ ...spent, replayed: true });
  });
});
