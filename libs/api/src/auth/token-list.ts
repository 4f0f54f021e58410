import { type Scope, SCOPES } from './access.decorator.js';

/** One line of the list: whose token it is, what it may do, until when, and the SHA-256 of it. */
export interface ListedToken {
  readonly id: string;
  readonly scope: Scope;
  /** Unix milliseconds; infinite for one that never expires. */
  readonly expiresAt: number;
  readonly digest: Buffer;
}

/** The ids of the tokens that stand in the environment: an audit record must name one token. */
const RESERVED_IDS: readonly string[] = ['operate', 'read'];

const LINE = /^([\w.@-]{1,64})\s+(read|operate|policy)\s+(\S+)\s+([0-9a-f]{64})$/i;
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/;

/** What is wrong with a list, without a word of it. */
export class InvalidTokenListError extends Error {
  constructor(
    expectation: string,
    readonly line: number,
  ) {
    super(expectation);
    this.name = 'UnreadableTokenList';
  }
}

/**
 * Reads lines of `id scope expiry digest`; blank lines and those that begin with # do not count. A list that does not end
 * with a line break was cut off, and one without tokens is empty by mistake.
 *
 * @throws InvalidTokenListError
 */
export function parseTokenList(text: string): readonly ListedToken[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new InvalidTokenListError('the last line must end with a line break', lines.length + 1);
  const tokens = lines.flatMap((line, index) => (/^\s*(#|$)/.test(line) ? [] : [tokenIn(line.trim(), index + 1)]));
  if (tokens.length === 0) throw new InvalidTokenListError('at least one token must stand in it', lines.length);
  const twice = tokens.find(({ id }, index) => tokens.findIndex((other) => other.id === id) < index);
  if (twice !== undefined) throw new InvalidTokenListError('each id must stand in it once', 0);
  return tokens;
}

function tokenIn(line: string, number: number): ListedToken {
  const [, id = '', scope, expiry = '', digest = ''] = LINE.exec(line) ?? [];
  if (id === '') {
    throw new InvalidTokenListError(
      'a line must be id, read, operate or policy, expiry, and 64 hexadecimal digits',
      number,
    );
  }
  if (RESERVED_IDS.includes(id))
    throw new InvalidTokenListError(`the ids ${RESERVED_IDS.join(' and ')} are taken`, number);
  const expiresAt = expiry === 'never' ? Infinity : INSTANT.test(expiry) ? Date.parse(expiry) : Number.NaN;
  if (Number.isNaN(expiresAt)) {
    throw new InvalidTokenListError(
      'the expiry must be never, a date, or a time in UTC such as 2027-01-31T12:00:00Z',
      number,
    );
  }
  return {
    id,
    scope: SCOPES.find((known) => known === scope?.toLowerCase()) ?? 'read',
    expiresAt,
    digest: Buffer.from(digest, 'hex'),
  };
}
