/** Decimals of each on-chain metric. */
const METRIC_DECIMALS = 18;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Parses a decimal number such as `0.85`, `-1.5e-7` or `1E3` as signed fixed point with 18 decimals. Rounds half away
 * from zero.
 *
 * @returns null when the text is not a finite decimal number
 */
export function toFixedPoint(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(whole + fraction);
  const shift = METRIC_DECIMALS - fraction.length + Number(exponent);
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedQuotient(digits, 10n ** BigInt(-shift));
  return sign === '-' ? -magnitude : magnitude;
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n);
}

/** Formats signed fixed point with 18 decimals as a plain decimal number, such as `0.85`. */
export function formatFixedPoint(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(METRIC_DECIMALS + 1, '0');
  const fraction = digits.slice(-METRIC_DECIMALS).replace(/(?<!0)0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -METRIC_DECIMALS)}${fraction === '' ? '' : `.${fraction}`}`;
}
