import type { EnvParser } from './env-parser.js';

/** Largest value of a `uint256`. */
const MAX_AMOUNT = 2n ** 256n - 1n;

/** A decimal number with that many decimals in the environment; the number of its smallest unit in the code. */
export function amount(unit: string, decimals: number): EnvParser<bigint> {
  return {
    expected: `an amount of ${unit}, with up to ${decimals} decimals`,
    parse: (text) => {
      const [, whole = '', fraction = ''] = /^(\d{1,78})(?:\.(\d+))?$/.exec(text) ?? [];
      if (whole === '' || fraction.length > decimals) return undefined;
      const value = BigInt(whole + fraction.padEnd(decimals, '0'));
      return value <= MAX_AMOUNT ? value : undefined;
    },
  };
}

const TOKEN_DECIMALS = 18;
/** An amount in wei has this size; no token has as many whole units. */
const WHOLE_TOKENS_BOUND = 10n ** 15n;

/** An amount of whole tokens in the environment; their smallest unit in the code. */
export function tokenAmount(): EnvParser<bigint> {
  const any = amount('whole tokens', TOKEN_DECIMALS);
  const bound = WHOLE_TOKENS_BOUND * 10n ** BigInt(TOKEN_DECIMALS);
  return {
    expected: `${any.expected}, above zero and below 10^15; divide an amount in wei by 10^18`,
    parse: (text) => {
      const value = any.parse(text);
      return value !== undefined && value > 0n && value < bound ? value : undefined;
    },
  };
}
/** An amount that is not zero. */
export function positiveAmount(unit: string, decimals: number): EnvParser<bigint> {
  const any = amount(unit, decimals);
  return {
    expected: `${any.expected}, above zero`,
    parse: (text) => {
      const value = any.parse(text);
      return value === 0n ? undefined : value;
    },
  };
}
