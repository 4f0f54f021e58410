const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt _](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:[Zz]|([+\-\u2212])(\d\d):?(\d\d))?)?$/;
const UNIX = /^[+-]?(?:\d+(?:\.\d*(?:[eE][+-]?\d+)?)?|\.\d+)$/;

/** Numbers beyond this magnitude are milliseconds, others seconds (the watershed of pydantic's `datetime`). */
const SECONDS_WATERSHED = 2e10;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 0001-01-01T00:00:00Z and the end of 9999: what a Python datetime can hold. */
export const FIRST_MS = -62_135_596_800_000;
export const LAST_MS = 253_402_300_799_999;

/**
 * What pydantic's lax mode takes for a datetime, as a Date: `isoformat()` output with or without fraction and offset
 * (naive means UTC), a date, Unix seconds or milliseconds as a number or as a string. Other values are returned as they
 * are.
 */
export function readTimestamp(value: unknown): unknown {
  const milliseconds = toMilliseconds(value);
  return milliseconds === null ? value : new Date(milliseconds);
}

function toMilliseconds(value: unknown): number | null {
  if (typeof value === 'number') return fromUnix(value);
  if (typeof value !== 'string') return null;
  const iso = ISO.exec(value);
  if (iso) return fromIso(iso);
  return UNIX.test(value) ? fromUnix(Number(value)) : null;
}

function fromUnix(value: number): number | null {
  const milliseconds = Math.floor(Math.abs(value) > SECONDS_WATERSHED ? value : Math.round(value * 1e6) / 1e3);
  return milliseconds >= FIRST_MS && milliseconds <= LAST_MS ? milliseconds : null;
}

function fromIso(match: RegExpExecArray): number | null {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', sign, ...offset] = match;
  const [offsetHour = '0', offsetMinute = '0'] = offset;
  const midnight = midnightOf(Number(year), Number(month), Number(day));
  if (midnight === null || !isClock(hour, minute, second) || !isClock(offsetHour, offsetMinute, '0')) return null;
  const ahead = clockMs(offsetHour, offsetMinute, '0') * (sign === '+' ? 1 : -1);
  return midnight + clockMs(hour, minute, second) + Number(fraction.slice(0, 3).padEnd(3, '0')) - ahead;
}

/** Null for a day that is not in the calendar. */
function midnightOf(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
}

function isClock(hour: string, minute: string, second: string): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

function clockMs(hour: string, minute: string, second: string): number {
  return Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * 1_000;
}
