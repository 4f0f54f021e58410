/**
 * The few pieces of the contract ABI that calls with a hundred tokens are made of, as hex digits without a prefix. ethers'
 * general coder needs 30 ms for such a call, these need less than one. (Contract ABI Specification, "Formal Specification
 * of the Encoding")
 */

/** Bytes of one word. */
export const WORD = 32;

/** A length, offset or count. */
export function word(value: number): string {
  return value.toString(16).padStart(2 * WORD, '0');
}

/** @throws RangeError for a value that `int256` cannot hold */
export function signedWord(value: bigint): string {
  if (BigInt.asIntN(256, value) !== value) throw new RangeError('no signed 256-bit integer');
  return BigInt.asUintN(256, value)
    .toString(16)
    .padStart(2 * WORD, '0');
}

/** @throws TypeError for anything but 20 bytes as 0x-prefixed hex */
export function addressWord(address: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new TypeError('no address');
  return address
    .slice(2)
    .toLowerCase()
    .padStart(2 * WORD, '0');
}

/**
 * Length and UTF-8 bytes of a string.
 *
 * @throws TypeError for half a surrogate pair, which UTF-8 cannot express: two such strings would become one
 */
export function textWords(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError('no Unicode text');
  const bytes = Buffer.from(text);
  const padded = Math.ceil(bytes.length / WORD) * WORD;
  return word(bytes.length) + bytes.toString('hex').padEnd(2 * padded, '0');
}

/** Values of dynamic size, behind their offsets from the first offset. */
export function withOffsets(values: readonly string[]): string {
  let offset = values.length * WORD;
  const offsets = values.map((value) => {
    const at = word(offset);
    offset += value.length / 2;
    return at;
  });
  return offsets.join('') + values.join('');
}

/** Splits 0x-prefixed return data. @throws TypeError when it is not a whole number of words */
export function wordsOf(data: string): readonly string[] {
  const digits = data.slice(2);
  if (!data.startsWith('0x') || digits.length % (2 * WORD) !== 0) throw new TypeError('no ABI-encoded words');
  return digits.match(/.{64}/g) ?? [];
}

/**
 * The strings that 0x-prefixed data consists of, such as the part of an event that is not indexed.
 *
 * @throws TypeError when it holds anything else
 */
export function textsOf(data: string): readonly string[] {
  const bytes = Buffer.from(data.slice(2), 'hex');
  const first = sizeAt(bytes, 0);
  const texts: string[] = [];
  for (let at = 0; at < first; at += WORD) {
    const start = sizeAt(bytes, at);
    const end = start + WORD + sizeAt(bytes, start);
    if (end > bytes.length) throw new TypeError('no ABI-encoded strings');
    texts.push(bytes.toString('utf8', start + WORD, end));
  }
  return texts;
}

/** A length or offset; what does not fit into four bytes points behind any data. */
function sizeAt(bytes: Buffer, at: number): number {
  if (at + WORD > bytes.length) throw new TypeError('no ABI-encoded strings');
  return bytes.readUInt32BE(at + WORD - 4);
}
