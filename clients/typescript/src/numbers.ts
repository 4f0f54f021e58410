const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Longer texts count as the nearest double. */
const MAX_EXACT_CHARACTERS = 1_000;

/** The text of a number, as the service reads it: without blanks around it and underscores inside. */
export function plainNumberText(text: string): string {
  return text.trim().replaceAll('_', '');
}

/** A metric as fixed point, rounded half away from zero. Null for what is not a decimal number. */
export function toFixedPoint(value: unknown, decimals: number): bigint | null {
  const match = DECIMAL.exec(decimalText(value));
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return null;
  const shift = decimals - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const unit = 10n ** BigInt(Math.abs(shift));
  const magnitude = shift >= 0 ? digits * unit : (digits * 2n + unit) / (unit * 2n);
  return sign === '-' ? -magnitude : magnitude;
}

function decimalText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  const text = plainNumberText(value);
  return text.length > MAX_EXACT_CHARACTERS ? String(Number(text)) : text;
}
