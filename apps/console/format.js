const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const UNITS = /** @type {const} */ ([
  [86_400, 'd', 3600, 'h'],
  [3600, 'h', 60, 'min'],
  [60, 'min', 1, 's'],
]);

/** What stands where nothing is known. */
export const NOTHING = '–';

/**
 * A number with its thousands marked and at most one decimal.
 *
 * @param {number} value
 */
export function count(value) {
  return NUMBER.format(value);
}

/**
 * A length of time in its two largest units: `4 s`, `3 min 5 s`, `2 d 7 h`.
 *
 * @param {number | null} seconds
 */
export function age(seconds) {
  if (seconds === null) return NOTHING;
  const whole = Math.max(0, Math.floor(seconds));
  for (const [size, unit, smaller, smallerUnit] of UNITS) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / smaller);
    return `${count(Math.floor(whole / size))} ${unit}${rest === 0 ? '' : ` ${rest} ${smallerUnit}`}`;
  }
  return `${whole} s`;
}

/**
 * UTC to the second, as in the logs: `2026-03-01 12:00:00`.
 *
 * @param {string | null} iso
 */
export function instant(iso) {
  const at = Date.parse(iso ?? '');
  return Number.isNaN(at) ? (iso ?? NOTHING) : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Beginning and end of a hash or an address.
 *
 * @param {string} hex
 */
export function short(hex) {
  return hex.length > 14 ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : hex;
}

/**
 * `1 message`, `2 messages`.
 *
 * @param {number} number
 * @param {string} noun
 * @param {string} [plural]
 */
export function counted(number, noun, plural = `${noun}s`) {
  return `${count(number)} ${number === 1 ? noun : plural}`;
}

/**
 * Wei as gwei, with as many digits as say something.
 *
 * @param {string} wei a whole number
 */
export function gwei(wei) {
  return `${NUMBER.format(Number(wei) / 1e9)} gwei`;
}

/**
 * JSON laid out for reading; text as it is.
 *
 * @param {unknown} value
 */
export function laidOut(value) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
