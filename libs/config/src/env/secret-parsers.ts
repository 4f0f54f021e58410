import type { EnvParser } from './env-parser.js';

/** A piece of a URL at least this long may be an access key; a shorter one is a word such as `v3` or `rpc`. */
const MIN_ACCESS_KEY_LENGTH = 16;
/** Parameters of a URL, and headers, whose value is a secret, however short. */
const SECRET_NAME = /key|token|secret|auth|pass|sig|cookie/i;
/** Order of secp256k1 (SEC 2, section 2.4.1): a private key is below it and not zero. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A URL of one of the schemes; it may carry a password or an access key, so it is a secret as a whole. */
export function secretUrl(schemes: readonly string[]): EnvParser<string> {
  return {
    expected: `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    parse: (text) => (schemes.some((scheme) => isUrl(text, scheme)) ? text : undefined),
    secretsIn: (url) => secretsInUrl(url),
  };
}

/** Several URLs with commas between them, at least one. */
export function secretUrls(schemes: readonly string[]): EnvParser<readonly string[]> {
  const single = secretUrl(schemes);
  return {
    expected: `comma-separated URLs, each different, that start with ${schemes.map((it) => `${it}://`).join(' or ')}`,
    parse: (text) => parseList(text, single),
    secretsIn: (urls) => urls.flatMap((url) => secretsInUrl(url)),
  };
}

/** Private keys of secp256k1 with commas between them, at least one; lower-case and 0x-prefixed in the code. */
export function privateKeys(): EnvParser<readonly string[]> {
  return {
    expected: 'comma-separated private keys, each different, of 64 hexadecimal digits, with or without 0x',
    parse: (text) => parseList(text, { expected: '', parse: parsePrivateKey }),
    secretsIn: (keys) => keys.flatMap((key) => [key, key.slice(2)]),
  };
}

/** Any text, such as a password. */
export function secretText(): EnvParser<string> {
  return { expected: 'a text', parse: (text) => text, secretsIn: (text) => [text] };
}

/** A bearer token: what RFC 6750 lets an Authorization header carry. */
export function bearerToken(minLength: number): EnvParser<string> {
  return {
    expected: `a token of at least ${minLength} letters, digits or -._~+/=`,
    parse: (text) => (text.length >= minLength && /^[\w\-.~+/]+=*$/.test(text) ? text : undefined),
    secretsIn: (token) => [token],
  };
}

/** Headers by the name of an endpoint, or by `*` for every endpoint; names of headers in lower case. */
export type HeadersByEndpoint = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Headers that the connection itself sets. */
const OWN_HEADER = /^(?:host|connection|content-.*|transfer-encoding|upgrade|sec-websocket-.*)$/;

/** A JSON object of headers by endpoint, such as `{"rpc-1": {"x-api-key": "…"}}`. */
export function headersByEndpoint(): EnvParser<HeadersByEndpoint> {
  return {
    expected: 'a JSON object of endpoint names, or *, with an object of header names and values each',
    parse: (text) => {
      const byEndpoint = parseObject(text);
      const entries = Object.entries(byEndpoint ?? {}).map(([name, headers]) => [name, parseHeaders(headers)] as const);
      const fits = byEndpoint !== undefined && entries.every(([, headers]) => headers !== undefined);
      return fits
        ? Object.freeze(Object.fromEntries(entries.map(([name, headers]) => [name, headers ?? {}])))
        : undefined;
    },
    secretsIn: (byEndpoint) => Object.values(byEndpoint).flatMap((headers) => secretsInHeaders(headers)),
  };
}

/** The values that may be keys, and each without the scheme before it. Words such as a team's name may be logged. */
export function secretsInHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  const secret = Object.entries(headers).filter(
    ([name, value]) => SECRET_NAME.test(name) || value.length >= MIN_ACCESS_KEY_LENGTH,
  );
  return secret.flatMap(([, value]) => [value, value.slice(value.indexOf(' ') + 1)]);
}

function parseHeaders(headers: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const entries = Object.entries(headers).map(
    ([name, value]: [string, unknown]) => [name.toLowerCase(), value] as const,
  );
  const fit = entries.every(
    ([name, value]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
      !OWN_HEADER.test(name) &&
      typeof value === 'string' &&
      /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value),
  );
  return fit ? Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) : undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseList<T>(text: string, single: EnvParser<T>): readonly T[] | undefined {
  const values: T[] = [];
  for (const part of text.split(',')) {
    const value = single.parse(part.trim());
    if (value === undefined || values.includes(value)) return undefined;
    values.push(value);
  }
  return Object.freeze(values);
}

/** Returns the key in lower case, 0x-prefixed; undefined when it is no private key of secp256k1. */
export function parsePrivateKey(text: string): string | undefined {
  const key = `0x${text.toLowerCase().replace(/^0x/, '')}`;
  if (!/^0x[0-9a-f]{64}$/.test(key)) return undefined;
  const number = BigInt(key);
  return number > 0n && number < CURVE_ORDER ? key : undefined;
}

function isUrl(text: string, scheme: string): boolean {
  return text.startsWith(`${scheme}://`) && !/\s/.test(text) && URL.canParse(text) && new URL(text).hostname !== '';
}

/** Returns the secrets of a URL: the URL itself, passwords and every part that may be an access key. */
export function secretsInUrl(text: string): readonly string[] {
  const { pathname, searchParams, hash, username, password } = new URL(text);
  const pieces = [...pathname.split('/'), ...searchParams.values(), hash.slice(1), username];
  const keys = pieces.flatMap((piece) => [piece, decoded(piece)]).filter((it) => it.length >= MIN_ACCESS_KEY_LENGTH);
  const named = [...searchParams].filter(([name]) => SECRET_NAME.test(name)).map(([, value]) => value);
  return [text, ...keys, ...named, ...credentialsIn(username, password)].filter((secret) => secret !== '');
}

/** Both as they stand in the URL, as they are meant, and as HTTP sends them (RFC 7617). */
function credentialsIn(username: string, password: string): readonly string[] {
  if (username + password === '') return [];
  const pair = `${decoded(username)}:${decoded(password)}`;
  // A name alone is the access key.
  const secret = password === '' ? username : password;
  return [secret, decoded(secret), Buffer.from(pair).toString('base64')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
