import { describe, expect, it } from 'vitest';
import { platformMessage } from '../../../test/support/fixtures/platform-message.fixture.js';
import { MessageRejectedError, toFixedPoint } from '#core';
import { parseMessage, type ParsedMessage } from './index.js';

/**
 * JSON text of a field, and what pydantic 2.14.3 made of it in lax mode (null: refused). The verdicts were recorded with
 * `TypeAdapter(...).validate_python(json.loads(text))`; datetimes as Unix milliseconds.
 */
type Row = readonly [json: string, pydantic: number | null];

const TIMESTAMPS: readonly Row[] = [
  ['"2024-01-15T10:30:00"', 1705314600000],
  ['"2024-01-15T10:30:00.123456"', 1705314600123],
  ['"2024-01-15T10:30:00.1"', 1705314600100],
  ['"2024-01-15T10:30:00.1234567"', 1705314600123],
  ['"2024-01-15T10:30:00,5"', 1705314600500],
  ['"2024-01-15T10:30:00Z"', 1705314600000],
  ['"2024-01-15T10:30:00.123Z"', 1705314600123],
  ['"2024-01-15t10:30:00z"', 1705314600000],
  ['"2024-01-15_10:30:00Z"', 1705314600000],
  ['"2024-01-15 10:30:00"', 1705314600000],
  ['"2024-01-15 10:30:00+00:00"', 1705314600000],
  ['"2024-01-15T10:30:00.123456+00:00"', 1705314600123],
  ['"2024-01-15T10:30:00+0530"', 1705294800000],
  ['"2024-01-15T10:30:00-05:30"', 1705334400000],
  ['"2024-01-15T10:30:00\\u221205:30"', 1705334400000],
  ['"2024-01-15T10:30:00+23:59"', 1705228260000],
  ['"2024-01-15T10:30:00-00:00"', 1705314600000],
  ['"2024-01-15T10:30"', 1705314600000],
  ['"2024-01-15T10:30Z"', 1705314600000],
  ['"2024-01-15"', 1705276800000],
  ['"2024-02-29"', 1709164800000],
  ['"20240115"', 20240115000],
  ['"0001-01-01"', -62135596800000],
  ['"9999-12-31T23:59:59.999999"', 253402300799999],
  ['"1705314600"', 1705314600000],
  ['"1705314600.5"', 1705314600500],
  ['"1705314600."', 1705314600000],
  ['"+1705314600"', 1705314600000],
  ['"1705314600000"', 1705314600000],
  ['"-1"', -1000],
  ['"-1.5"', -1500],
  ['".5"', 500],
  ['"1.7e9"', 1700000000000],
  ['"0"', 0],
  ['"20000000000"', 20000000000000],
  ['"20000000001"', 20000000001],
  ['0', 0],
  ['-1', -1000],
  ['0.5', 500],
  ['-0.5', -500],
  ['1705314600', 1705314600000],
  ['1705314600.123', 1705314600123],
  ['1705314600.1234567', 1705314600123],
  ['1705314600123.456', 1705314600123],
  ['20000000000', 20000000000000],
  ['20000000001', 20000000001],
  ['-20000000000', -20000000000000],
  ['-20000000001', -20000000001],
  ['253402300799999', 253402300799999],
  ['-62135596800000', -62135596800000],
  ['"2024-01-15T10:30:00+05"', null],
  ['"2024-01-15T10:30:00 +05:30"', null],
  ['"2024-01-15T10:30:00."', null],
  ['"2024-01-15T10"', null],
  ['"2024-01-15T"', null],
  ['"2024-01-15Z"', null],
  ['"2024-1-5"', null],
  ['"20240115T103000"', null],
  ['"2024-01-15T24:00:00"', null],
  ['"2024-01-15T23:59:60"', null],
  ['"2024-01-15T10:60:00"', null],
  ['"2024-02-30"', null],
  ['"2023-02-29"', null],
  ['"1900-02-29"', null],
  ['"2024-13-01"', null],
  ['"2024-00-01"', null],
  ['"2024-01-00"', null],
  ['"0000-01-01"', null],
  ['"10000-01-01"', null],
  ['"2024-01-15T10:30:00+24:00"', null],
  ['"2024-01-15T10:30:00+05:60"', null],
  ['"\\u00202024-01-15"', null],
  ['"2024-01-15\\u0020"', null],
  ['"2024/01/15"', null],
  ['"2024-W03-1"', null],
  ['"\\u0020\\u0031"', null],
  ['"1_705_314_600"', null],
  ['"1e9"', null],
  ['"1705314600e0"', null],
  ['"99999999999999999999"', null],
  ['"NaN"', null],
  ['"infinity"', null],
  ['"now"', null],
  ['""', null],
  ['"."', null],
  ['253402300800000', null],
  ['-62135596800001', null],
  ['1e308', null],
  ['1e400', null],
  ['true', null],
  ['false', null],
  ['null', null],
  ['[]', null],
  ['{}', null],
];

const FLOATS: readonly Row[] = [
  ['0.85', 0.85],
  ['1', 1],
  ['-1', -1],
  ['0', 0],
  ['-0.0', 0],
  ['1e3', 1000],
  ['1E-3', 0.001],
  ['1e-18', 1e-18],
  ['100000000000000000000000000000000000000', 1e38],
  ['"0.85"', 0.85],
  ['"\\u00200.85\\n"', 0.85],
  ['"\\u00a00.85"', 0.85],
  ['"1_000.5"', 1000.5],
  ['"+0.85"', 0.85],
  ['"-0.85"', -0.85],
  ['".5"', 0.5],
  ['"5."', 5],
  ['"1e3"', 1000],
  ['"1E-3"', 0.001],
  ['"1e+5"', 100000],
  ['"00.85"', 0.85],
  ['"1.5_5"', 1.55],
  ['""', null],
  ['"\\u0020"', null],
  ['"abc"', null],
  ['"1,5"', null],
  ['"0x10"', null],
  ['"1__0"', null],
  ['"_1"', null],
  ['"1_"', null],
  ['"1e"', null],
  ['"e5"', null],
  ['"."', null],
  ['"-"', null],
  ['"+"', null],
  ['"--1"', null],
  ['"1\\u00200"', null],
  ['"0.85f"', null],
  ['"true"', null],
  ['"\\u0661"', null],
  ['null', null],
  ['[]', null],
  ['{}', null],
];

const INTEGERS: readonly Row[] = [
  ['3', 3],
  ['3.0', 3],
  ['0', 0],
  ['-3', -3],
  ['1e2', 100],
  ['"3"', 3],
  ['"3.0"', 3],
  ['"3.00"', 3],
  ['"\\u00203\\u0020"', 3],
  ['"+3"', 3],
  ['"-3"', -3],
  ['"03"', 3],
  ['"3_0"', 30],
  ['"1_000.0"', 1000],
  ['"-0"', 0],
  ['3.5', null],
  ['"3.5"', null],
  ['"3."', null],
  ['".0"', null],
  ['"1e2"', null],
  ['"3.0e0"', null],
  ['""', null],
  ['"abc"', null],
  ['"\\u0661"', null],
  ['"_3"', null],
  ['"3_"', null],
  ['"3__0"', null],
  ['"--3"', null],
  ['"+\\u00203"', null],
  ['"0x3"', null],
  ['"3.0_0"', null],
  ['null', null],
  ['[]', null],
  ['{}', null],
  ['1e400', null],
];

const STRING_FIELDS = [
  'model_id',
  'token_symbol',
  'metric_name',
  'model_name',
  'model_version',
  'mlflow_run_id',
  'message_version',
];

const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: Number.NEGATIVE_INFINITY };

/** Put where the JSON text of the row goes. */
const HOLE = '__hole__';

/** What was read, or `reason field` of the refusal. */
function outcome<T>(message: string, json: string, read: (parsed: ParsedMessage) => T): T | string {
  try {
    return read(parseMessage(Buffer.from(message.replaceAll(`"${HOLE}"`, () => json)), RULES));
  } catch (error) {
    if (error instanceof MessageRejectedError) return `${error.reason} ${error.field}`;
    throw error;
  }
}

describe('takes what pydantic takes, and refuses what it refuses', () => {
  it.each(TIMESTAMPS)('timestamp %s of the envelope', (json, expected) => {
    const read = outcome(platformMessage({}, { timestamp: HOLE }), json, ({ producedAt }) => producedAt);
    expect(read).toBe(expected ?? 'invalid_envelope timestamp');
  });

  it.each(TIMESTAMPS)('timestamp %s of the payload', (json, expected) => {
    const read = outcome(platformMessage({ timestamp: HOLE }), json, () => 'taken');
    expect(read).toBe(expected === null ? 'invalid_field payload.timestamp' : 'taken');
  });

  it.each(FLOATS)('metric %s', (json, expected) => {
    const read = outcome(
      platformMessage({ baseline_value: HOLE, current_value: HOLE, improvement_percentage: null }),
      json,
      ({ request }) => request.record.baselineValue,
    );
    expect(read).toBe(expected === null ? 'invalid_field payload.baseline_value' : toFixedPoint(`${expected}`));
  });

  // Null is left out: the percentage is optional.
  it.each(FLOATS.filter(([json]) => json !== 'null'))('improvement %s', (json, expected) => {
    const current = { baseline_value: 1, current_value: 1 + (expected ?? 0) / 100 };
    const message = platformMessage({ ...current, improvement_percentage: HOLE });
    const read = outcome(message, json, ({ request }) => (request.improvementPercentage ?? Number.NaN) + 0);
    expect(read).toBe(expected ?? 'invalid_field payload.improvement_percentage');
  });

  it.each(INTEGERS)('retry_count %s', (json, expected) => {
    const read = outcome(platformMessage({}, { retry_count: HOLE }), json, ({ budget }) => budget.retryCount);
    expect(read).toBe(expected === null ? 'invalid_envelope retry_count' : Math.max(0, expected));
  });

  it.each(INTEGERS)('max_retries %s', (json, expected) => {
    const read = outcome(platformMessage({}, { max_retries: HOLE }), json, ({ budget }) => budget.maxRetries);
    expect(read).toBe(expected === null ? 'invalid_envelope max_retries' : Math.max(0, expected));
  });

  it.each(STRING_FIELDS)('%s takes strings only', (field) => {
    const outcomes = ['1', '1.5', 'true', '[]', '{}', '["a"]'].map((json) =>
      outcome(platformMessage({ [field]: HOLE }), json, () => 'taken'),
    );
    expect(new Set(outcomes)).toEqual(new Set([`invalid_field payload.${field}`]));
  });

  it.each(['null', '{}', '{"a":"b"}', '{"__proto__":"x"}'])('tags %s: taken', (json) => {
    expect(outcome(platformMessage({ tags: HOLE }), json, () => 'taken')).toBe('taken');
  });

  it.each(['{"a":1}', '{"a":null}', '{"a":{}}', '{"a":true}', '[]', '"x"', '[["a","b"]]', '1'])(
    'tags %s: ignored with a warning',
    (json) => {
      const warnings = outcome(platformMessage({ tags: HOLE }), json, ({ request }) => request.warnings);
      expect(warnings).toEqual([expect.stringContaining('payload.tags must be')]);
    },
  );
});

describe('is stricter than pydantic, on purpose, where the token would be wrong for ever', () => {
  it.each(['true', 'false'])('a metric %s, which pydantic reads as a float', (json) => {
    const read = outcome(platformMessage({ current_value: HOLE }), json, () => 'taken');
    expect(read).toBe('invalid_field payload.current_value');
  });

  it.each(['"nan"', '"NaN"', '"inf"', '"-Infinity"', '"1e400"', '1e400', '-1e400', '1e60', `1${'0'.repeat(400)}`])(
    'a metric %s, which is not finite or does not fit on chain',
    (json) => {
      const read = outcome(platformMessage({ current_value: HOLE }), json, () => 'taken');
      expect(read).toBe('invalid_metric payload.current_value');
    },
  );

  it.each(['"nan"', '"inf"', '1e400'])('an improvement %s, which is not finite', (json) => {
    const read = outcome(platformMessage({ improvement_percentage: HOLE }), json, () => 'taken');
    expect(read).toBe('invalid_metric payload.improvement_percentage');
  });

  it.each(['true', 'false'])('a count %s, which pydantic reads as an int', (json) => {
    const read = outcome(platformMessage({}, { retry_count: HOLE }), json, () => 'taken');
    expect(read).toBe('invalid_envelope retry_count');
  });

  it('a lone surrogate, which no UTF-8 text can hold', () => {
    const read = outcome(platformMessage({ model_id: HOLE }), String.raw`"a\ud800"`, () => 'taken');
    expect(read).toBe('invalid_field payload.model_id');
  });
});
