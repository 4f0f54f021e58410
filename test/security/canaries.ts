import { randomBytes } from 'node:crypto';

/** One secret of the environment: how it is set, and every text by which it would be recognised. */
export interface Canary {
  readonly value: string;
  readonly patterns: readonly string[];
}

export const secret = (): string => randomBytes(24).toString('hex');

/** A secret that shows only as itself. */
export function plainCanary(value = secret()): Canary {
  return { value, patterns: [value] };
}

/** The URL of Redis, with the password of a user. */
export function redisCanary(user: string, port: number, scheme = 'redis'): Canary & { readonly password: string } {
  const password = secret();
  return { value: `${scheme}://${user}:${password}@127.0.0.1:${port}/0`, patterns: [password], password };
}

/** An RPC URL with secrets in all places where providers put one, short ones too. */
export function rpcCanary(port: number, scheme = 'http'): Canary {
  const [user, password, pathKey, longKey] = [secret(), secret(), secret(), secret()];
  const shortKey = randomBytes(5).toString('hex');
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return {
    value: `${scheme}://${user}:${password}@127.0.0.1:${port}/v3/${pathKey}?apikey=${shortKey}&project=${longKey}`,
    patterns: [user, password, pathKey, longKey, shortKey, basic, `:${port}`],
  };
}

/** Headers of all endpoints, of which one holds a key. */
export function headerCanary(header: string): Canary {
  const key = secret();
  return { value: JSON.stringify({ '*': { [header]: key } }), patterns: [key] };
}

/** The URL of a proxy, with the password of a user. */
export function proxyCanary(port: number): Canary {
  const password = secret();
  const basic = Buffer.from(`proxy:${password}`).toString('base64');
  return { value: `http://proxy:${password}@127.0.0.1:${port}`, patterns: [password, basic] };
}

/** A PEM text: each of its lines is a pattern. */
export function pemCanary(pem: string): Canary {
  return { value: pem, patterns: pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----')) };
}

/** Those of the texts in which a canary shows, shortened around it. */
export function leaks(texts: readonly string[], canaries: readonly Canary[]): string[] {
  const patterns = canaries.flatMap((canary) => canary.patterns).map((sign) => sign.toLowerCase());
  return texts.flatMap((text) => {
    const found = patterns.map((sign) => text.toLowerCase().indexOf(sign)).find((index) => index >= 0);
    return found === undefined ? [] : [text.slice(Math.max(0, found - 120), found + 80)];
  });
}
