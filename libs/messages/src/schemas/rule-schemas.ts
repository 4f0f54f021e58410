import { readMetric } from '../coercion/decimal.js';
import { FIRST_MS, LAST_MS } from '../coercion/timestamp.js';
import { INVISIBLE } from '../validation/deceptive-text.js';
import { LONE_SURROGATE, NOT_PRINTABLE, type TextBounds } from '../validation/validators.js';
import { characterClass } from './character-class.js';
import type { JsonSchema } from './json-schema.js';

/** The end of a text. Python's `$` also matches before a line feed there. */
const END = String.raw`$(?!\n)`;

const BLANK = /\s/u;

const DIGITS = '[0-9](?:_?[0-9])*';
const DECIMAL = String.raw`(?:[+-]_?)?(?:${DIGITS}(?:_?\.(?:_?${DIGITS})?)?|\._?${DIGITS})(?:_?[eE]_?(?:[+-]_?)?${DIGITS})?`;
const INTEGER = String.raw`[+-]?[0-9]+(?:_[0-9]+)*(?:\.0+)?`;

const FINITE = { minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE };

/** What class-validator's `IsInt` takes; with `readInteger` before it, its text too. */
export function integerSchema(readsText: boolean): JsonSchema {
  if (!readsText) return { type: 'integer' };
  return orText({ type: 'integer', ...FINITE }, { pattern: amongBlanks(INTEGER), 'x-asNumber': FINITE });
}

/** What class-validator's `IsNumber` takes; with `readNumber` before it, its text too. */
export function numberSchema(readsText: boolean): JsonSchema {
  const number = { type: 'number', ...FINITE };
  return readsText ? orText(number, { pattern: amongBlanks(DECIMAL), 'x-asNumber': FINITE }) : number;
}

/** What `IsMetric` takes of what `readMetric` reads. */
export function metricSchema(): JsonSchema {
  const maximum = largestMetric();
  return orText(
    { type: 'number', minimum: -maximum, maximum },
    { pattern: amongBlanks(DECIMAL), 'x-fixedPoint': { decimals: 18, bits: 256 } },
  );
}

/** A text of one number, with blanks around it. */
function amongBlanks(number: string): string {
  const blanks = `[${characterClass(BLANK)}]*`;
  return `^${blanks}${number}${blanks}${END}`;
}

function orText(number: JsonSchema, text: JsonSchema): JsonSchema {
  return { anyOf: [number, { type: 'string', ...text }] };
}

/** The largest double that fits. */
function largestMetric(): number {
  let bits = new BigInt64Array(new Float64Array([Number(2n ** 255n) / 1e18]).buffer);
  for (;;) {
    const [double = 0] = new Float64Array(bits.buffer);
    if (typeof readMetric(double) === 'bigint') return double;
    bits = bits.map((it) => it - 1n);
  }
}

/** What class-validator's `IsDate` takes of what `readTimestamp` reads. */
export function timestampSchema(): JsonSchema {
  const range = { minimum: FIRST_MS, exclusiveMaximum: LAST_MS + 1 };
  return {
    anyOf: [
      { type: 'string', pattern: ISO_TEXT },
      { type: 'number', ...range },
      { type: 'string', pattern: UNIX_TEXT, 'x-asNumber': range },
    ],
  };
}

const DAY = '0[1-9]|1[0-9]|2[0-8]';
const DATE = String.raw`(?!0000)(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:${DAY})|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)`;
const HOUR = '(?:[01][0-9]|2[0-3])';
const TIME = String.raw`${HOUR}:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?:[Zz]|[+\-\u2212]${HOUR}:?[0-5][0-9])?`;
const ISO_TEXT = `^${DATE}(?:[Tt _]${TIME})?${END}`;
const UNIX_TEXT = String.raw`^[+-]?(?:[0-9]+(?:\.[0-9]*(?:[eE][+-]?[0-9]+)?)?|\.[0-9]+)${END}`;

/** What `IsText` takes. */
export function textSchema({ min, max, characters = max, printable = false }: TextBounds): JsonSchema {
  const unfit = printable ? [LONE_SURROGATE, NOT_PRINTABLE, INVISIBLE] : [LONE_SURROGATE];
  return {
    type: 'string',
    minLength: min,
    maxLength: characters,
    'x-maxBytes': max,
    not: { pattern: `[${characterClass(...unfit)}]` },
    ...(printable ? { pattern: `[^${characterClass(BLANK)}]`, 'x-normalForm': 'NFC' } : {}),
  };
}

/** What `IsEvmAddress` takes of what `readAddress` reads. */
export function addressSchema(): JsonSchema {
  return { type: 'string', pattern: `^(?:(?:0[xX])?[0-9a-fA-F]{40})?${END}`, 'x-checksum': 'EIP-55' };
}

/** What a text matches that matches the expression. */
export function patternSchema({ source, flags }: RegExp): JsonSchema {
  if (flags !== '' && flags !== 'u') throw new Error(`no JSON Schema has the flags of /${source}/${flags}`);
  return { type: 'string', pattern: source.replaceAll('$', END).replaceAll(String.raw`\d`, '[0-9]') };
}
