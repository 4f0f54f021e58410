import type { Redactor } from './redactor.js';

/** Characters of one field; what is beyond is cut off. */
const MAX_TEXT_LENGTH = 2048;
const MAX_ENTRIES = 100;
const MAX_DEPTH = 6;

/** Converts any logged value to JSON: bounded, without cycles, without secrets. */
export class LogSanitizer {
  /** @param withStacks whether errors bring their stack */
  constructor(
    private readonly redactor: Redactor,
    private readonly withStacks: boolean,
  ) {}

  text(text: string): string {
    const redacted = this.redactor.redact(text);
    return redacted.length > MAX_TEXT_LENGTH
      ? `${redacted.slice(0, MAX_TEXT_LENGTH)}… (${redacted.length} characters)`
      : redacted;
  }

  fields(fields: object, path: readonly unknown[] = []): Record<string, unknown> {
    const entries: (readonly [string, unknown])[] = Object.entries(fields).slice(0, MAX_ENTRIES);
    return Object.fromEntries(entries.map(([key, value]) => [this.text(key), this.value(value, [...path, fields])]));
  }

  value(value: unknown, path: readonly unknown[] = []): unknown {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'bigint':
        return value.toString();
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'object':
        return value === null ? null : this.object(value, path);
      case 'symbol':
      case 'function':
        return undefined;
      case 'boolean':
      case 'undefined':
      default:
        return value;
    }
  }

  private object(value: object, path: readonly unknown[]): unknown {
    if (path.includes(value)) return '[circular]';
    if (path.length >= MAX_DEPTH) return '[too deep]';
    if (value instanceof Error) return this.error(value, path);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value) || value instanceof Set) {
      const elements: unknown[] = [...value].slice(0, MAX_ENTRIES);
      return elements.map((element) => this.value(element, [...path, value]));
    }
    if (value instanceof Map) return this.value([...value.entries()], [...path, value]);
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      const json: unknown = Reflect.apply(value.toJSON, value, []);
      return this.value(json, [...path, value]);
    }
    return this.fields(value, path);
  }

  private error(error: Error, path: readonly unknown[]): unknown {
    return {
      name: this.text(error.name),
      message: this.text(error.message),
      ...('code' in error && typeof error.code === 'string' ? { code: this.text(error.code) } : {}),
      ...(error.cause === undefined ? {} : { cause: this.value(error.cause, [...path, error]) }),
      ...(this.withStacks && error.stack !== undefined ? { stack: this.text(error.stack) } : {}),
    };
  }
}
