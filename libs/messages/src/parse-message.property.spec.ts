import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../../../test/support/fixtures/platform-message.fixture.js';
import { DEAD_LETTER_REASONS, MessageRejectedError } from '#core';
import { parseMessage } from './index.js';

const RULES = { maxMessageBytes: 4_096, minImprovementPercentage: 0 };
const RUNS = { numRuns: 500 };

/** Whether the bytes were taken or refused, and nothing else happened to them or to us. */
function holds(given: Uint8Array): boolean {
  const before = Buffer.from(given);
  try {
    parseMessage(given, RULES);
  } catch (error) {
    if (!(error instanceof MessageRejectedError)) throw error;
    const clear = /^[\x20-\x7e]{1,600}$/.test(error.message);
    if (!clear || !DEAD_LETTER_REASONS.includes(error.reason)) return false;
  }
  return before.equals(given);
}

const PAYLOAD_FIELDS = [...Object.keys(platformPayload()), 'model_supplier_recipient', '__proto__', 'constructor'];
const ENVELOPE_FIELDS = ['message_id', 'message_type', 'payload', 'timestamp', 'retry_count', 'max_retries'];

const oddValue = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.double().map((number) => JSON.stringify(`${number}`)),
  fc.date({ noInvalidDate: true }).map((date) => JSON.stringify(date)),
  fc.constantFrom('NaN', '-Infinity', '1e400', '-0', '""', 'null', '9'.repeat(500), `"0x${'a'.repeat(40)}"`),
);

describe('parseMessage takes or refuses, and does nothing else, given', () => {
  it('any bytes', () => {
    expect(() => fc.assert(fc.property(fc.uint8Array({ maxLength: 5_000 }), holds), RUNS)).not.toThrow();
  });

  it('any text', () => {
    const text = fc.string({ unit: 'binary' }).map((characters) => Buffer.from(characters));
    expect(() => fc.assert(fc.property(text, holds), RUNS)).not.toThrow();
  });

  it('any JSON', () => {
    const json = fc.json().map((text) => Buffer.from(text));
    expect(() => fc.assert(fc.property(json, holds), RUNS)).not.toThrow();
  });

  it('a good message with one field changed', () => {
    const field = fc.oneof(
      fc.constantFrom(...PAYLOAD_FIELDS).map((key) => ({ [key]: '@' })),
      fc.constantFrom(...ENVELOPE_FIELDS).map((key) => ({ envelope: { [key]: '@' } })),
    );
    const message = fc.tuple(field, oddValue).map(([change, json]) => {
      const { envelope = {}, ...payload } = change as { envelope?: Record<string, unknown> };
      return Buffer.from(platformMessage(payload, envelope).replace('"@"', () => json));
    });
    expect(() => fc.assert(fc.property(message, holds), RUNS)).not.toThrow();
  });

  it('a good message with bytes changed, cut or repeated', () => {
    const good = Buffer.from(platformMessage());
    const mutation = fc.tuple(fc.nat(good.length), fc.nat(good.length), fc.uint8Array({ maxLength: 8 }));
    const message = mutation.map(([from, to, bytes]) =>
      Buffer.concat([good.subarray(0, from), bytes, good.subarray(to)]),
    );
    expect(() => fc.assert(fc.property(message, holds), RUNS)).not.toThrow();
  });
});
