import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { KEYS, QueueFixture, present } from './queue.fixture.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

const EMPTY = { messages: 0, oldestAgeMs: null };

it('knows no age in an empty queue', async () => {
  const queue = await fixture.replica();
  expect(await queue.depths()).toEqual({ main: EMPTY, processing: EMPTY, delayed: EMPTY, deadLetter: EMPTY });
});

it('tells depths and ages of all four lists', async () => {
  const queue = await fixture.replica();
  await fixture.produce('claimed', 'delayed');
  const [, delayed] = await queue.claim(2);
  await queue.settle([
    { lease: present(delayed).lease, settlement: { kind: 'retry', delayMs: 60_000, reason: 'poison' } },
  ]);
  await fixture.produce(message(90_000), message(0), message(0));
  await fixture.client.lpush(KEYS.deadLetter, failed(3_600_000), failed(0));

  const { main, processing, delayed: later, deadLetter } = await queue.depths();

  expect([main, processing, later, deadLetter].map(({ messages }) => messages)).toEqual([3, 1, 1, 2]);
  expect(main.oldestAgeMs).toSatisfy(within(90_000));
  expect(processing.oldestAgeMs).toSatisfy(within(0));
  expect(later.oldestAgeMs).toSatisfy(within(0));
  expect(deadLetter.oldestAgeMs).toSatisfy(within(3_600_000));
});

it('admits not to know the age of a message without timestamp, or of a foreign one in processing', async () => {
  const queue = await fixture.replica();
  await fixture.produce('garbage');
  await fixture.client.lpush(KEYS.processing, 'foreign');
  await fixture.client.lpush(KEYS.deadLetter, 'garbage');
  const one = { messages: 1, oldestAgeMs: null };
  expect(await queue.depths()).toEqual({ main: one, processing: one, delayed: EMPTY, deadLetter: one });
});

/** As Python writes it: without offset, and UTC all the same. */
function isoAgo(ms: number): string {
  return new Date(Date.now() - ms).toISOString().replace('Z', '');
}

function message(ageMs: number): string {
  return `{"message_id": "1", "timestamp": "${isoAgo(ageMs)}"}`;
}

function failed(ageMs: number): string {
  return JSON.stringify({ original_message: 'm', error: 'e', failed_at: isoAgo(ageMs), queue: 'q' });
}

function within(expected: number) {
  return (age: number | null) => age !== null && age >= expected && age < expected + 20_000;
}
