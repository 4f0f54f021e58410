import { inspect } from 'node:util';
import { variablesOf } from './env.js';
import type { Problem } from './environment.js';

const REDACTED = '[redacted]';
const secrets = new WeakMap<Settings, readonly string[]>();

/** Base of the settings of one topic: frozen, and silent about its secrets in JSON and in `inspect` (S1). */
export abstract class Settings {
  /** What is wrong with variables that are each well by themselves. Asked only when they are. */
  contradictions(): readonly Problem[] {
    return [];
  }

  toJSON(): Record<string, unknown> {
    const shown = variablesOf(this.constructor).map(({ property, secret }) => {
      const value: unknown = Reflect.get(this, property);
      return [property, secret === true && value !== null ? REDACTED : value] as const;
    });
    return Object.fromEntries(shown.map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]));
  }

  [inspect.custom](): string {
    return `${this.constructor.name} ${inspect(this.toJSON())}`;
  }
}

/** Freezes the settings and hides the secret properties from spreads and enumeration. */
export function seal<T extends Settings>(settings: T, secretTexts: readonly string[]): T {
  for (const { property, secret } of variablesOf(settings.constructor)) {
    if (secret === true) Object.defineProperty(settings, property, { enumerable: false });
  }
  secrets.set(settings, secretTexts);
  return Object.freeze(settings);
}

/** Every text that no log line may contain: keys, tokens, URLs with what they hide. */
export function secretsOf(...settings: readonly Settings[]): readonly string[] {
  return [...new Set(settings.flatMap((it) => secrets.get(it) ?? []))];
}
