import { toFixedPoint } from '#core';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;
const UNDERSCORES_BETWEEN = /(?<=[^_])_(?=[^_])/g;

/** Beyond this many characters a decimal string is read as the nearest float: exactness there only costs time. */
const MAX_EXACT_CHARACTERS = 1_000;

const INT256_BOUND = 2n ** 255n;

/**
 * The decimal text of what pydantic's lax mode takes for a float: a number, or a string with blanks around it and single
 * underscores inside. `Infinity` and `NaN` come out as such. Booleans, which pydantic takes for 1.0 and 0.0, are refused:
 * a metric is on chain for ever, and no producer means `true` by one.
 *
 * @returns null for anything else
 */
function decimalText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const text = value.trim().replace(UNDERSCORES_BETWEEN, '');
  if (NOT_FINITE.test(text)) return text;
  if (!DECIMAL.test(text)) return null;
  return text.length > MAX_EXACT_CHARACTERS ? String(Number(text)) : text;
}

/** Whether pydantic's lax mode reads the value as a float, finite or not. */
export function isDecimal(value: unknown): boolean {
  return decimalText(value) !== null;
}

/** A float, or its decimal string, as a JavaScript number; other values as they are. */
export function readNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = decimalText(value);
  if (text === null) return value;
  return NOT_FINITE.test(text) ? Number.NaN : Number(text);
}

/**
 * A float, or its decimal string, as signed fixed point with 18 decimals that fits an int256; other values as they are.
 * A JSON number counts by its shortest decimal form, so that `0.1` and `"0.1"` are the same metric.
 */
export function readMetric(value: unknown): unknown {
  const text = decimalText(value);
  if (text === null) return value;
  const metric = toFixedPoint(text);
  return metric !== null && metric < INT256_BOUND && metric > -INT256_BOUND ? metric : value;
}
