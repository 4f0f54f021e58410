import type { EnvParser } from './env-parser.js';

/** Bounds are inclusive. */
interface Range {
  readonly min: number;
  readonly max: number;
}

const INTEGER = /^\d+$/;
const DECIMAL = /^\d+(\.\d+)?$/;
const GWEI_DECIMALS = 9;

function within(value: number, { min, max }: Range): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

export function integer(range: Range): EnvParser<number> {
  return {
    expected: `an integer from ${range.min} to ${range.max}`,
    parse: (text) => (INTEGER.test(text) ? within(Number(text), range) : undefined),
  };
}

export function decimal(range: Range): EnvParser<number> {
  return {
    expected: `a decimal number from ${range.min} to ${range.max}`,
    parse: (text) => (DECIMAL.test(text) ? within(Number(text), range) : undefined),
  };
}

/** Seconds in the environment, whole or with a fraction; milliseconds in the code. */
export function seconds(range: Range): EnvParser<number> {
  const number = decimal(range);
  return {
    expected: `a number of seconds from ${range.min} to ${range.max}`,
    parse: (text) => {
      const value = number.parse(text);
      return value === undefined ? undefined : Math.round(value * 1000);
    },
  };
}

/** Gwei in the environment, with up to nine decimals; wei in the code. */
export function gwei(range: Range): EnvParser<bigint> {
  return {
    expected: `an amount of gwei from ${range.min} to ${range.max}`,
    parse: (text) => {
      const [whole = '', fraction = ''] = text.split('.');
      const fits = DECIMAL.test(text) && fraction.length <= GWEI_DECIMALS && within(Number(text), range) !== undefined;
      return fits ? BigInt(whole + fraction.padEnd(GWEI_DECIMALS, '0')) : undefined;
    },
  };
}
