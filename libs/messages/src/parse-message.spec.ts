import { describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../../../test/support/fixtures/platform-message.fixture.js';
import { MessageRejectedError } from '#core';
import { parseMessage, type ParsingRules } from './index.js';

const RULES: ParsingRules = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };

function refusal(message: string | Uint8Array, rules = RULES): MessageRejectedError {
  try {
    parseMessage(Buffer.from(message), rules);
  } catch (error) {
    if (error instanceof MessageRejectedError) return error;
    throw error;
  }
  throw new Error('the message was accepted');
}

const accepted = (message: string, rules = RULES) => parseMessage(Buffer.from(message), rules);
const recordOf = (payload: Record<string, unknown>) => accepted(platformMessage(payload)).request.record;
const flat = (changes: object) => JSON.stringify({ ...platformPayload(), ...changes });
const withPoint = (digits: string) => `${digits.slice(0, -18)}.${digits.slice(-18)}`;
const unchangedAt = (value: unknown) => ({ baseline_value: value, current_value: value, improvement_percentage: null });
const without = (key: string) => ({ [key]: undefined });

describe('bytes', () => {
  it('at the limit are read, beyond it refused', () => {
    const message = platformMessage();
    expect(() => accepted(message, { ...RULES, maxMessageBytes: Buffer.byteLength(message) })).not.toThrow();
    expect(refusal(message, { ...RULES, maxMessageBytes: 100 })).toMatchObject({
      reason: 'too_large',
      message: `The message must be at most 100 bytes long, got ${Buffer.byteLength(message)} bytes.`,
    });
  });

  it.each([
    ['a stray byte', [0x22, 0xff, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0x80, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a sequence cut short', [0x22, 0xe2, 0x82]],
  ])('that are not UTF-8 are refused: %s', (_, bytes) => {
    expect(refusal(Uint8Array.from(bytes)).reason).toBe('invalid_encoding');
  });

  it.each(['', ' ', '{', '{"a":1}}', "{'a':1}", '{"a":1,}', '\u00a0{}', '"\u0000"', 'undefined', '{"a":01}'])(
    'that are not JSON are refused: %j',
    (text) => expect(refusal(text).reason).toBe('invalid_json'),
  );

  it.each(['NaN', 'Infinity', '-Infinity'])('with the token %s: the error names the culprit', (token) => {
    const text = platformMessage({ experiment_name: 'NaN "Infinity"', current_value: '@' }).replace('"@"', token);
    expect(refusal(text)).toMatchObject({
      reason: 'invalid_json',
      message: `The message must be JSON, got the token ${token}, which Python writes for a float that is not finite.`,
    });
  });

  it.each([String.raw`{"a":"NaN \" Infinity"`, '{"a":"NaN', String.raw`{"a":"NaN\``])(
    'with such a word inside a string only: no culprit is made up in %s',
    (text) => {
      expect(refusal(text).message).toBe('The message must be JSON, got text that does not parse.');
    },
  );

  it('look for that token in linear time', () => {
    const text = `{"a":"${String.raw`\"`.repeat(120_000)}`;
    const start = performance.now();
    expect(refusal(text).reason).toBe('invalid_json');
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('after a byte order mark are not JSON', () => {
    expect(refusal(`\uFEFF${platformMessage()}`)).toMatchObject({
      reason: 'invalid_json',
      message: 'The message must be JSON without a byte order mark before it.',
    });
  });

  it('nested as deeply as the limit allows are read', () => {
    const deep = `${'['.repeat(120_000)}${']'.repeat(120_000)}`;
    expect(refusal(deep).reason).toBe('invalid_envelope');
    expect(() => accepted(platformMessage({ eval_spec: '@' }).replace('"@"', deep))).not.toThrow();
    const { warnings } = accepted(platformMessage({ tags: '@' }).replace('"@"', deep)).request;
    expect(warnings).toEqual([expect.stringContaining('payload.tags must be')]);
  });
});

describe('the envelope', () => {
  it.each(['null', 'true', '3', '"text"', '[]', '[{}]', '{}', '{"foo":1}'])('is not %s', (text) => {
    expect(refusal(text).reason).toBe('invalid_envelope');
  });

  it.each(['message_id', 'message_type', 'payload', 'timestamp'])('requires %s', (field) => {
    const error = refusal(platformMessage({}, without(field)));
    expect(error).toMatchObject({ reason: 'invalid_envelope', field });
    expect(error.message).toMatch(new RegExp(`^${field} must be .*, got nothing\\.$`));
  });

  it.each([
    ['payload', 'null'],
    ['payload', '[]'],
    ['payload', '"{}"'],
    ['message_id', '7'],
    ['message_id', '""'],
    ['message_id', '"a\\nb"'],
    ['message_type', 'null'],
    ['retry_count', 'null'],
    ['max_retries', '1.5'],
  ])('refuses %s: %s', (field, json) => {
    const text = platformMessage({}, { [field]: '@' }).replace('"@"', () => json);
    expect(refusal(text)).toMatchObject({ reason: 'invalid_envelope', field });
  });

  it('has a default budget, and no count below none', () => {
    expect(accepted(platformMessage({}, { ...without('retry_count'), ...without('max_retries') })).budget).toEqual({
      maxRetries: 3,
      retryCount: 0,
    });
    expect(accepted(platformMessage({}, { retry_count: -5, max_retries: -1 })).budget).toEqual({
      maxRetries: 0,
      retryCount: 0,
    });
  });

  it('is of one type', () => {
    expect(refusal(platformMessage({}, { message_type: 'model_retired' }))).toMatchObject({
      reason: 'unsupported_type',
      field: 'message_type',
      message: 'message_type must be "model_ready_to_deploy", got "model_retired".',
    });
  });

  it('may be missing, then the payload may name a type and fields have no prefix', () => {
    expect(accepted(flat({ message_type: 'model_ready_to_deploy' })).request.messageId).toMatch(/^flat-[0-9a-f]{40}$/);
    expect(accepted(flat({ retry_count: 2, max_retries: 9 })).budget).toEqual({ maxRetries: 3, retryCount: 0 });
    expect(refusal(flat({ message_type: 'model_retired' })).reason).toBe('unsupported_type');
    expect(refusal(flat({ token_symbol: 1 }))).toMatchObject({ reason: 'invalid_field', field: 'token_symbol' });
    expect(refusal(flat({ timestamp: undefined })).field).toBe('timestamp');
  });
});

describe('the payload', () => {
  it.each([
    'model_id',
    'token_symbol',
    'metric_name',
    'baseline_value',
    'current_value',
    'model_name',
    'model_version',
    'mlflow_run_id',
    'timestamp',
  ])('requires %s', (field) => {
    const error = refusal(platformMessage(without(field)));
    expect(error).toMatchObject({ reason: 'invalid_field', field: `payload.${field}` });
    expect(error.message).toMatch(new RegExp(`^payload\\.${field} must be .*, got nothing\\.$`));
  });

  it.each(['improvement_percentage', 'contributor_address', 'experiment_name', 'tags'])(
    'takes %s as null or not at all',
    (field) => {
      expect(() => accepted(platformMessage({ [field]: null }))).not.toThrow();
      expect(() => accepted(platformMessage(without(field)))).not.toThrow();
    },
  );

  it('takes a model without a run', () => {
    expect(accepted(platformMessage({ mlflow_run_id: null })).request.mlflowRunId).toBeNull();
  });

  it('says what it wanted and what it got', () => {
    expect(refusal(platformMessage({ model_id: 21 }))).toMatchObject({
      reason: 'invalid_field',
      field: 'payload.model_id',
      message: 'payload.model_id must be a string of 1 to 255 bytes without control characters, got 21.',
    });
  });

  it.each(['1', '1.0', '1.7', '1.0.3', undefined])('of version %s is read', (version) => {
    expect(() => accepted(platformMessage({ message_version: version }))).not.toThrow();
  });

  it.each(['2.0', '0.9', '10.0', '', ' 1.0', 'v1'])('of version %j is not', (version) => {
    const error = refusal(platformMessage({ message_version: version }));
    expect(error).toMatchObject({ reason: 'unsupported_version', field: 'payload.message_version' });
  });

  it.each(['21', 'a/b c', 'α β', '模型', '<b>', "'; --", '🦊', '__proto__', ' x '])('keeps model id %j', (modelId) => {
    expect(recordOf({ model_id: modelId }).modelId).toBe(modelId);
  });

  it.each(['msg-ai', 'MSG-AI', 'Msg', '$X', 'x'.repeat(64), '🦊'.repeat(63)])('keeps symbol %j', (symbol) => {
    expect(recordOf({ token_symbol: symbol }).tokenSymbol).toBe(symbol);
  });

  it.each([
    ['model_id', ''],
    ['model_id', 'x'.repeat(256)],
    ['model_id', 'é'.repeat(128)],
    ['model_id', 'a\u0000b'],
    ['model_id', 'a\nb'],
    ['model_id', 'a\u001b[31m'],
    ['model_id', 'a\u0085b'],
    ['model_id', 'a\u2028b'],
    ['token_symbol', ''],
    ['token_symbol', 'x'.repeat(65)],
    ['token_symbol', '🦊'.repeat(64)],
    ['token_symbol', 'A\tB'],
    ['metric_name', ''],
    ['metric_name', 'x'.repeat(256)],
  ])('refuses %s %j', (field, value) => {
    expect(refusal(platformMessage({ [field]: value }))).toMatchObject({
      reason: 'invalid_field',
      field: `payload.${field}`,
    });
  });

  it('never looks at the prototype', () => {
    const payload = { ...platformPayload(), model_id: undefined };
    const nested = JSON.stringify({ '@': payload }).slice(1, -1).replace('"@"', '"__proto__"');
    const inherited = platformMessage({ model_id: '@', constructor: { a: 1 } }).replace('"model_id":"@"', nested);
    expect(refusal(inherited).field).toBe('payload.model_id');
    expect(({} as Record<string, unknown>)['token_symbol']).toBeUndefined();
  });

  it('counts the last of two equal keys, as Python does', () => {
    const text = platformMessage({ model_id: '@' }).replace('"model_id":"@"', '"model_id":"first","model_id":"last"');
    expect(accepted(text).request.record.modelId).toBe('last');
  });
});

describe('metrics', () => {
  it.each([
    [0.1, 100_000_000_000_000_000n],
    ['0.1', 100_000_000_000_000_000n],
    ['0.123456789012345678', 123_456_789_012_345_678n],
    [-0.5, -500_000_000_000_000_000n],
    [1e-18, 1n],
    [1e-19, 0n],
    ['1e-9999', 0n],
    [5e58, 5n * 10n ** 76n],
    [`0.${'1'.repeat(5_000)}`, 111_111_111_111_111_100n],
  ])('%j', (value, fixed) => {
    expect(recordOf(unchangedAt(value)).currentValue).toBe(fixed);
  });

  it('fit an int256 or are refused', () => {
    const largest = (2n ** 255n - 1n).toString();
    expect(recordOf(unchangedAt(withPoint(largest))).currentValue).toBe(2n ** 255n - 1n);
    for (const value of [withPoint((2n ** 255n).toString()), `-${withPoint((2n ** 255n).toString())}`, 6e58]) {
      expect(refusal(platformMessage({ current_value: value })).reason).toBe('invalid_metric');
    }
  });
});

describe('addresses', () => {
  const CHECKSUMMED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

  it.each([
    CHECKSUMMED,
    CHECKSUMMED.slice(2),
    CHECKSUMMED.toLowerCase(),
    `0x${CHECKSUMMED.slice(2).toUpperCase()}`,
    CHECKSUMMED.toUpperCase(),
  ])('%s is taken and checksummed, twice alike', (address) => {
    expect(recordOf({ contributor_address: address }).contributor).toBe(CHECKSUMMED);
    expect(recordOf({ contributor_address: address }).contributor).toBe(CHECKSUMMED);
  });

  it.each([null, undefined, '', `0x${'0'.repeat(40)}`])('reads %j as no contributor', (address) => {
    expect(recordOf({ contributor_address: address }).contributor).toBeNull();
  });

  it.each([
    '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    CHECKSUMMED.slice(0, -1),
    `${CHECKSUMMED}0`,
    `${CHECKSUMMED} `,
    'XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS',
    'vitalik.eth',
    '0x',
    ' ',
  ])('refuses %j as contributor and as supplier', (address) => {
    for (const field of ['contributor_address', 'model_supplier_recipient']) {
      expect(refusal(platformMessage({ [field]: address }))).toMatchObject({
        reason: 'invalid_address',
        field: `payload.${field}`,
      });
    }
  });
});

describe('an address that is no string', () => {
  it.each(['contributor_address', 'model_supplier_recipient'])('is a mistyped field: %s', (field) => {
    for (const value of [7, true, {}, []]) {
      expect(refusal(platformMessage({ [field]: value }))).toMatchObject({
        reason: 'invalid_field',
        field: `payload.${field}`,
      });
    }
  });
});

describe('of several faults', () => {
  // Each step heals the fault that was reported, and the next in the order of reasons comes up.
  it('reports the first in the order of the reasons', () => {
    const payload: Record<string, unknown> = {
      message_version: '2.0',
      improvement_percentage: -1,
      baseline_value: 0.95,
      contributor_address: 'unknown',
      current_value: 1e60,
      token_symbol: 5,
    };
    const envelope: Record<string, unknown> = { retry_count: 'many', message_type: 'other' };
    const next = () => refusal(platformMessage(payload, envelope)).reason;
    const reasons = [next()];
    for (const heal of [
      () => delete envelope['retry_count'],
      () => delete envelope['message_type'],
      () => delete payload['message_version'],
      () => delete payload['token_symbol'],
      () => delete payload['current_value'],
      () => delete payload['contributor_address'],
      () => delete payload['baseline_value'],
    ]) {
      heal();
      reasons.push(next());
    }
    expect(reasons).toEqual([
      'invalid_envelope',
      'unsupported_type',
      'unsupported_version',
      'invalid_field',
      'invalid_metric',
      'invalid_address',
      'below_improvement_floor',
      'invalid_metric',
    ]);
  });
});

describe('errors', () => {
  it.each(['\n2026-01-01 ERROR forged', '\u001b[2J', '\u202egnp.exe', '"quote\\', 'x'.repeat(100_000)])(
    'echo %j in a bounded, printable form',
    (value) => {
      const { message } = refusal(platformMessage({ contributor_address: value }));
      expect(message).toMatch(/^[\x20-\x7e]+$/);
      expect(message.length).toBeLessThan(600);
    },
  );

  it('say how long a value was that they cut', () => {
    const { message } = refusal(platformMessage({ token_symbol: 'x'.repeat(70) }));
    expect(message).toBe(
      `payload.token_symbol must be a string of 1 to 64 characters and 255 bytes without control characters, got "${'x'.repeat(64)}"... (70 characters).`,
    );
  });
});

describe('events in the form of Hokusai', () => {
  const rules = { ...RULES, hokusaiNetwork: 'ethereum' };

  it.each(['MSG-AI', 'msg-ai'])('take a message that they can carry: %s', (symbol) => {
    expect(accepted(platformMessage({ token_symbol: symbol }), rules).request.record.tokenSymbol).toBe(symbol);
  });

  it.each([
    ['token_symbol', { token_symbol: 'msg_ai' }, 'be 1 to 10 letters of A-Z, digits or -', '"msg_ai"'],
    ['token_symbol', { token_symbol: 'ABCDEFGHIJK' }, 'be 1 to 10 letters of A-Z, digits or -', '"ABCDEFGHIJK"'],
    ['model_name', { model_name: '' }, 'be a text that is not empty', '""'],
    ['model_version', { model_version: '' }, 'be a text that is not empty', '""'],
    ['mlflow_run_id', { mlflow_run_id: null }, 'be a text that is not empty', 'null'],
    [
      'improvement_percentage',
      { baseline_value: 0, improvement_percentage: null },
      'be above 0; it is required where the values make no percentage above 0',
      'null',
    ],
    [
      'improvement_percentage',
      unchangedAt(0.5),
      'be above 0; it is required where the values make no percentage above 0',
      'null',
    ],
  ])('refuse the %s of %o', (field, change, expectation, found) => {
    const message = platformMessage({ token_symbol: 'MSG-AI', ...change });
    expect(() => accepted(message)).not.toThrow();
    expect(refusal(message, rules)).toMatchObject({
      reason: 'invalid_field',
      field: `payload.${field}`,
      message: `payload.${field} must ${expectation} (DEPLOYED_EVENT_FORMAT=hokusai), got ${found}.`,
    });
  });
});

const modelIdOf = (payload: Record<string, unknown>, modelIdSource: string): string =>
  accepted(platformMessage(payload), { ...RULES, modelIdSource }).request.record.modelId;

describe('the source of the model id', () => {
  it.each([
    ['model_id', {}, 'name/1/token'],
    ['payload.model_number', { model_number: '42' }, '42'],
    ['payload.model_number', { model_number: 42 }, '42'],
    ['tags.hokusai.model_id_uint', { tags: { 'hokusai.model_id_uint': '30' } }, '30'],
  ])('is %s', (source, changes, modelId) => {
    expect(modelIdOf({ model_id: 'name/1/token', ...changes }, source)).toBe(modelId);
  });

  it('may leave model_id aside', () => {
    expect(modelIdOf({ model_id: undefined, model_number: '42' }, 'payload.model_number')).toBe('42');
  });

  it.each([
    ['tags.hokusai.model_id_uint', {}, 'payload.tags.hokusai.model_id_uint', 'nothing'],
    ['tags.hokusai.model_id_uint', { tags: null }, 'payload.tags.hokusai.model_id_uint', 'nothing'],
    ['tags.a', { tags: { a: '' } }, 'payload.tags.a', '""'],
    ['payload.model_number', {}, 'payload.model_number', 'nothing'],
    ['payload.model_number', { model_number: 1.5 }, 'payload.model_number', '1.5'],
    ['payload.__proto__', {}, 'payload.__proto__', 'nothing'],
  ])('names itself in the error: %s of %o', (source, changes, field, found) => {
    expect(refusal(platformMessage(changes), { ...RULES, modelIdSource: source })).toMatchObject({
      reason: 'invalid_field',
      field,
      message: `${field} must be a string of 1 to 255 bytes without control characters, got ${found}.`,
    });
  });

  it('names no prefix for a message without envelope', () => {
    const rules = { ...RULES, modelIdSource: 'tags.a' };
    expect(refusal(flat({}), rules).field).toBe('tags.a');
    expect(accepted(flat({ tags: { a: '7' } }), rules).request.record.modelId).toBe('7');
  });

  it("is named by the contracts' rule", () => {
    const modelIdRule = { accepts: (text: string) => text === '7', expectation: 'be 7' };
    const rules = { ...RULES, modelIdSource: 'tags.a', modelIdRule };
    expect(refusal(platformMessage({ tags: { a: '8' } }), rules).message).toBe('payload.tags.a must be 7, got "8".');
  });
});
