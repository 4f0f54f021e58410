import { LedgerCorruptedError } from './ledger.errors.js';

/**
 * Reads typed fields of a Redis hash or JSON object. Every method throws `LedgerCorruptedError` for an unexpected type.
 */
export class HashReader {
  constructor(
    private readonly what: string,
    private readonly fields: ReadonlyMap<string, unknown>,
  ) {}

  /** @param text a JSON object */
  static parse(what: string, text: unknown): HashReader {
    return HashReader.of(what, parseJson(what, text));
  }

  static of(what: string, value: unknown): HashReader {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LedgerCorruptedError(what);
    return new HashReader(what, new Map(Object.entries(value)));
  }

  text(name: string): string {
    const value = this.fields.get(name);
    if (typeof value !== 'string') throw this.unreadable(name);
    return value;
  }

  /** Null for a missing field. */
  textOrNull(name: string): string | null {
    return this.isAbsent(name) ? null : this.text(name);
  }

  number(name: string): number {
    const value = this.fields.get(name);
    if (typeof value !== 'number') throw this.unreadable(name);
    return value;
  }

  numberOrNull(name: string): number | null {
    return this.isAbsent(name) ? null : this.number(name);
  }

  /** An integer or its decimal text. */
  integer(name: string): number {
    const value = Number(this.bigint(name));
    if (!Number.isSafeInteger(value)) throw this.unreadable(name);
    return value;
  }

  bigint(name: string): bigint {
    const value = String(this.fields.get(name));
    if (!/^-?\d+$/.test(value)) throw this.unreadable(name);
    return BigInt(value);
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = values.find((candidate) => candidate === this.fields.get(name));
    if (value === undefined) throw this.unreadable(name);
    return value;
  }

  textList(name: string): readonly string[] {
    return stringList(`${this.what}: ${name}`, this.fields.get(name));
  }

  object(name: string): HashReader {
    return HashReader.of(`${this.what}: ${name}`, this.fields.get(name));
  }

  isAbsent(name: string): boolean {
    return (this.fields.get(name) ?? null) === null;
  }

  private unreadable(name: string): LedgerCorruptedError {
    return new LedgerCorruptedError(`${this.what}: ${name}`);
  }
}

export function parseJson(what: string, text: unknown): unknown {
  if (typeof text !== 'string') throw new LedgerCorruptedError(what);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error would quote the content.
    throw new LedgerCorruptedError(what);
  }
}

export function stringList(what: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new LedgerCorruptedError(what);
  return value.map((element: unknown) => {
    if (typeof element !== 'string') throw new LedgerCorruptedError(what);
    return element;
  });
}
