import { address, type EnvParser } from './env-parser.js';

/** 32 bytes, such as a Keccak-256 hash. */
export function hash(): EnvParser<string> {
  return {
    expected: 'a hash: 0x and 64 hexadecimal digits',
    parse: (text) => (/^0x[0-9a-fA-F]{64}$/.test(text) ? text.toLowerCase() : undefined),
  };
}

/** Ethereum addresses with commas between them. */
export function addresses(): EnvParser<readonly string[]> {
  const single = address();
  return {
    expected: 'comma-separated addresses of 0x and 40 hexadecimal digits',
    parse: (text) => {
      const values = text.split(',').map((part) => single.parse(part.trim()));
      const good = values.filter((value) => value !== undefined);
      return good.length === values.length ? Object.freeze(good) : undefined;
    },
  };
}

/** A sentence or URI: anything printable, without line breaks. */
export function printable(maxLength: number): EnvParser<string> {
  return {
    expected: `a text of 1 to ${maxLength} printable characters`,
    parse: (text) => (text.length <= maxLength && /^[^\p{C}]+$/u.test(text) ? text : undefined),
  };
}
