import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../../../../test/support/fixtures/platform-message.fixture.js';
import { deadLetterEntry, readDeadLetter, type DeadLetterFacts } from '../index.js';

const read = (element: unknown) =>
  readDeadLetter(Buffer.from(typeof element === 'string' ? element : JSON.stringify(element)));
const sha1 = (text: string | Uint8Array) => createHash('sha1').update(text).digest('hex');
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

function facts(bytes: Uint8Array): DeadLetterFacts {
  return {
    message: { bytes, attempts: 2, deliveries: 5, replays: 1, firstSeenAt: Date.UTC(2026, 2, 1, 12) },
    reason: 'deployment_reverted',
    error: 'The factory reverted.',
    queue: 'hokusai:model_ready_queue',
    transactionHashes: ['0xaa', '0xbb'],
    worker: 'worker-1',
    failedAt: Date.UTC(2026, 2, 1, 13),
  };
}

const idsOf = (message: string) => read(deadLetterEntry(facts(Buffer.from(message))));

describe('an entry of this service', () => {
  const message = platformMessage({ model_id: 'm-1' }, { message_id: 'id-1' });

  it("is a superset of the guide's", () => {
    const entry: unknown = JSON.parse(deadLetterEntry(facts(Buffer.from(message))));
    expect(entry).toEqual({
      original_message: message,
      error: 'The factory reverted.',
      failed_at: '2026-03-01T13:00:00.000Z',
      queue: 'hokusai:model_ready_queue',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      reason: 'deployment_reverted',
      message_id: 'id-1',
      model_id: 'm-1',
      attempts: 2,
      deliveries: 5,
      first_seen_at: '2026-03-01T12:00:00.000Z',
      tx_hashes: ['0xaa', '0xbb'],
      replay_count: 1,
      worker: 'worker-1',
    });
  });

  it('has the model id of the source', () => {
    const tagged = Buffer.from(platformMessage({ tags: { id: '7' } }));
    expect(JSON.parse(deadLetterEntry({ ...facts(tagged), modelIdSource: 'tags.id' }))).toMatchObject({
      model_id: '7',
    });
    const untagged = Buffer.from(message);
    expect(JSON.parse(deadLetterEntry({ ...facts(untagged), modelIdSource: 'tags.id' }))).toMatchObject({
      model_id: null,
    });
  });

  it('holds bytes that are not UTF-8 as base64', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const entry = JSON.parse(deadLetterEntry(facts(bytes))) as Record<string, unknown>;
    expect(entry).toMatchObject({ original_message_base64: 'e/99', message_id: null, model_id: null });
    expect(entry).not.toHaveProperty('original_message');
  });

  it('has an id of its own each time', () => {
    const [a, b] = [deadLetterEntry(facts(Buffer.from(message))), deadLetterEntry(facts(Buffer.from(message)))];
    expect(read(a).id).not.toBe(read(b).id);
    expect(read(a).id).toBe(read(a).id);
  });

  it('is read again whole', () => {
    const entry = deadLetterEntry(facts(Buffer.from(message)));
    expect(read(entry)).toEqual({
      id: (JSON.parse(entry) as { id: string }).id,
      reason: 'deployment_reverted',
      error: 'The factory reverted.',
      failedAt: '2026-03-01T13:00:00.000Z',
      failedAtMs: Date.UTC(2026, 2, 1, 13),
      messageId: 'id-1',
      modelId: 'm-1',
      attempts: 2,
      replayCount: 1,
      originalMessage: Buffer.from(message),
      element: Buffer.from(entry),
    });
  });

  it('gives back exactly the bytes it was made of', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.string().map((text) => Buffer.from(`\uFEFF${text}`)),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, (original) => {
        const { originalMessage } = read(deadLetterEntry(facts(original)));
        expect(Buffer.from(originalMessage ?? [])).toEqual(Buffer.from(original));
      }),
    );
  });
});

describe('the ids of a message that was refused', () => {
  it('are found where a field is wrong', () => {
    const message = platformMessage({ model_id: 'm-1', token_symbol: 5 }, { message_id: 'id-1' });
    expect(idsOf(message)).toMatchObject({ messageId: 'id-1', modelId: 'm-1' });
  });

  it("are found in Python's NaN", () => {
    const message = platformMessage({ model_id: 'm\t"1"', current_value: '@' }, { message_id: 'id-1' });
    expect(idsOf(message.replace('"@"', 'NaN'))).toMatchObject({ messageId: 'id-1', modelId: 'm\t"1"' });
  });

  it('are made of the bytes where there is no envelope', () => {
    const message = JSON.stringify(platformPayload({ model_id: 'm-1', token_symbol: 5 }));
    expect(idsOf(message)).toMatchObject({ messageId: `flat-${sha1(message)}`, modelId: 'm-1' });
  });

  it('are bounded, and null where there are none', () => {
    expect(idsOf(platformMessage({ model_id: 'x'.repeat(10_000) })).modelId).toHaveLength(255);
    for (const message of ['[]', 'null', '', '{', '{"message_id":7,"payload":{"model_id":{}}}', '{"__proto__":{}}']) {
      expect(idsOf(message)).toMatchObject({ messageId: null, modelId: null });
    }
  });
});

describe('an entry that another program wrote', () => {
  const message = platformMessage({ model_id: 'm-1' }, { message_id: 'id-1' });
  const object: unknown = JSON.parse(message);

  it("in the guide's form", () => {
    const entry = JSON.stringify({
      original_message: message,
      error: 'Handler returned False',
      failed_at: '2024-01-15T10:30:00.123456',
      queue: 'hokusai:model_ready_queue',
    });
    expect(read(entry)).toEqual({
      id: sha1(entry),
      reason: null,
      error: 'Handler returned False',
      failedAt: '2024-01-15T10:30:00.123456',
      failedAtMs: Date.UTC(2024, 0, 15, 10, 30, 0, 123),
      messageId: 'id-1',
      modelId: 'm-1',
      attempts: null,
      replayCount: 0,
      originalMessage: Buffer.from(message),
      element: Buffer.from(entry),
    });
  });

  it("in the producer's form, the message as text or as an object", () => {
    for (const original of [message, object]) {
      const entry = { original_message: original, error: 'gave up', failed_at: '2024-01-15', original_queue: 'q' };
      expect(read(entry)).toMatchObject({
        error: 'gave up',
        failedAt: '2024-01-15',
        messageId: 'id-1',
        modelId: 'm-1',
      });
      expect(textOf(read(entry).originalMessage)).toBe(message);
    }
  });

  it("in the contract deployer's form, the time as text or as a number", () => {
    const entry = {
      originalMessage: platformPayload({ model_id: 'm-2' }),
      error: 'reverted',
      timestamp: 1705314600000,
    };
    expect(read(entry)).toMatchObject({ error: 'reverted', failedAt: '2024-01-15T10:30:00.000Z', modelId: 'm-2' });
    expect(JSON.parse(textOf(read(entry).originalMessage) ?? '')).toEqual(entry.originalMessage);
    expect(read({ ...entry, timestamp: '2024-01-15T10:30:00Z' }).failedAt).toBe('2024-01-15T10:30:00Z');
  });

  it.each([
    ['in its envelope', message],
    ['without envelope', JSON.stringify(platformPayload({ id: '7', error: 'x' }))],
  ])('is a bare message, %s', (_, bare) => {
    expect(read(bare)).toMatchObject({ id: sha1(bare), reason: null, error: null, failedAt: null });
    expect(textOf(read(bare).originalMessage)).toBe(bare);
  });

  it.each(['', 'garbage', '[]', '3', '{}', '{"original_message":7}', '{"original_message_base64":"???"}', '{"id":"a"'])(
    'is garbage: %j',
    (element) => {
      expect(read(element)).toMatchObject({ id: sha1(element), element: Buffer.from(element), originalMessage: null });
    },
  );

  it.each(['', 'a b', 'a/b', '../x', 'x'.repeat(129), 7, null])('has an id that no URL can hold: %j', (id) => {
    const entry = JSON.stringify({ id, original_message: message });
    expect(read(entry).id).toBe(sha1(entry));
  });

  it('has counts that are none', () => {
    expect(read({ original_message: message, attempts: -1, replay_count: '2' })).toMatchObject({
      attempts: null,
      replayCount: 0,
    });
  });

  it('holds an object nested too deeply to write again', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(read(`{"original_message":{"a":${deep}}}`).originalMessage).toBeNull();
  });

  it('is read regardless of its content', () => {
    const keys = fc.constantFrom('original_message', 'originalMessage', 'original_message_base64', 'id', 'payload');
    const entries = fc.dictionary(keys, fc.jsonValue()).map((entry) => Buffer.from(JSON.stringify(entry)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), entries), (element) => {
        const before = Buffer.from(element);
        expect(readDeadLetter(element).id).toMatch(/^[A-Za-z0-9._:-]{1,128}$/);
        expect(Buffer.from(element)).toEqual(before);
      }),
    );
  });
});
