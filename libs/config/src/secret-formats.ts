import type { Format } from './format.js';

/** A piece of a URL at least this long may be an access key; a shorter one is a word such as `v3` or `rpc`. */
const SHORTEST_ACCESS_KEY = 16;
/** Order of secp256k1 (SEC 2, section 2.4.1): a private key is below it and not zero. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A URL of one of the schemes; it may carry a password or an access key, so it is a secret as a whole. */
export function secretUrl(schemes: readonly string[]): Format<string> {
  return {
    expectation: `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    parse: (text) => (schemes.some((scheme) => isUrl(text, scheme)) ? text : undefined),
    secretsIn: (url) => secretsInUrl(url),
  };
}

/** Several URLs with commas between them, at least one. */
export function secretUrls(schemes: readonly string[]): Format<readonly string[]> {
  const single = secretUrl(schemes);
  return {
    expectation: `comma-separated URLs, each different, that start with ${schemes.map((it) => `${it}://`).join(' or ')}`,
    parse: (text) => parseList(text, single),
    secretsIn: (urls) => urls.flatMap((url) => secretsInUrl(url)),
  };
}

/** Private keys of secp256k1 with commas between them, at least one; lower-case and 0x-prefixed in the code. */
export function privateKeys(): Format<readonly string[]> {
  return {
    expectation: 'comma-separated private keys, each different, of 64 hexadecimal digits, with or without 0x',
    parse: (text) => parseList(text, { expectation: '', parse: parsePrivateKey }),
    secretsIn: (keys) => keys.flatMap((key) => [key, key.slice(2)]),
  };
}

/** Any text, such as a password. */
export function secretText(): Format<string> {
  return { expectation: 'a text', parse: (text) => text, secretsIn: (text) => [text] };
}

/** A bearer token: what RFC 6750 lets an Authorization header carry. */
export function bearerToken(minLength: number): Format<string> {
  return {
    expectation: `a token of at least ${minLength} letters, digits or -._~+/=`,
    parse: (text) => (text.length >= minLength && /^[\w\-.~+/]+=*$/.test(text) ? text : undefined),
    secretsIn: (token) => [token],
  };
}

function parseList<T>(text: string, single: Format<T>): readonly T[] | undefined {
  const values: T[] = [];
  for (const part of text.split(',')) {
    const value = single.parse(part.trim());
    if (value === undefined || values.includes(value)) return undefined;
    values.push(value);
  }
  return Object.freeze(values);
}

function parsePrivateKey(text: string): string | undefined {
  const key = `0x${text.toLowerCase().replace(/^0x/, '')}`;
  if (!/^0x[0-9a-f]{64}$/.test(key)) return undefined;
  const number = BigInt(key);
  return number > 0n && number < CURVE_ORDER ? key : undefined;
}

function isUrl(text: string, scheme: string): boolean {
  return text.startsWith(`${scheme}://`) && !/\s/.test(text) && URL.canParse(text) && new URL(text).hostname !== '';
}

function secretsInUrl(text: string): readonly string[] {
  const url = new URL(text);
  const keys = [...url.pathname.split('/'), ...url.searchParams.values(), url.username];
  return [text, url.password, decoded(url.password), ...keys.filter((key) => key.length >= SHORTEST_ACCESS_KEY)].filter(
    (secret) => secret !== '',
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
