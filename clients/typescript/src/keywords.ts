import { keccak_256 } from '@noble/hashes/sha3';
import type { FuncKeywordDefinition, KeywordDefinition } from 'ajv/dist/2020.js';
import { type ImprovementRule, improves } from './improvement.js';
import { plainNumberText, toFixedPoint } from './numbers.js';

interface Range {
  readonly minimum: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

interface FixedPoint {
  readonly decimals: number;
  readonly bits: number;
}

/** The rules of the schemas that JSON Schema has no keyword for. */
export const KEYWORDS: readonly KeywordDefinition[] = [
  {
    keyword: 'x-maxBytes',
    type: 'string',
    validate: (maximum: number, text: string) => Buffer.byteLength(text) <= maximum,
  } satisfies FuncKeywordDefinition,
  {
    keyword: 'x-normalForm',
    type: 'string',
    validate: (form: string, text: string) => text === text.normalize(form),
  } satisfies FuncKeywordDefinition,
  {
    keyword: 'x-asNumber',
    type: 'string',
    validate: ({ minimum, maximum = Infinity, exclusiveMaximum = Infinity }: Range, text: string) => {
      const value = Number(plainNumberText(text));
      return value >= minimum && value <= maximum && value < exclusiveMaximum;
    },
  } satisfies FuncKeywordDefinition,
  {
    keyword: 'x-fixedPoint',
    type: 'string',
    validate: ({ decimals, bits }: FixedPoint, text: string) => {
      const value = toFixedPoint(text, decimals);
      const bound = 2n ** BigInt(bits - 1);
      return value !== null && value < bound && value > -bound;
    },
  } satisfies FuncKeywordDefinition,
  {
    keyword: 'x-checksum',
    type: 'string',
    validate: (_: string, text: string) => hasChecksum(text.slice(-40)),
  } satisfies FuncKeywordDefinition,
  {
    keyword: 'x-improvement',
    type: 'object',
    validate: (rule: ImprovementRule, payload: Readonly<Record<string, unknown>>) => improves(payload, rule),
  } satisfies FuncKeywordDefinition,
  // Of the text, which a schema does not see.
  { keyword: 'x-maxMessageBytes' },
  // Says what becomes of the value; refuses nothing.
  { keyword: 'x-usedWhen' },
];

/** Whether the digits of an address are in one case, or in the cases of EIP-55. */
function hasChecksum(digits: string): boolean {
  const lower = digits.toLowerCase();
  if (digits === lower || digits === digits.toUpperCase()) return true;
  const hash = Buffer.from(keccak_256(lower)).toString('hex');
  const cased = lower.replace(/[a-f]/g, (letter, at: number) =>
    (hash[at] ?? '') > '7' ? letter.toUpperCase() : letter,
  );
  return digits === cased;
}
