const MAX_CHARACTERS = 64;
const UNPRINTABLE = /[^\x20-\x7e]/g;

/**
 * What an error may echo of a value from outside: at most 64 characters of it, on one line, in printable ASCII.
 * Everything else is escaped, so that no message can forge a log line or a terminal sequence.
 */
export function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (typeof value !== 'string') return Array.isArray(value) ? 'an array' : 'an object';
  const head = JSON.stringify(value.slice(0, MAX_CHARACTERS)).replace(UNPRINTABLE, escaped);
  return value.length > MAX_CHARACTERS ? `${head}... (${value.length} characters)` : head;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
