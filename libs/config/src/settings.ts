import { inspect } from 'node:util';
import { variablesOf } from './env.js';
import { type Environment, type Problem, textOf } from './environment.js';

const REDACTED = '[redacted]';
const secrets = new WeakMap<Settings, readonly string[]>();

/** The word of a variable that a topic belongs to. */
export interface Choice {
  readonly variable: string;
  readonly word: string;
  /** Whether this is the word when the variable is not set. */
  readonly byDefault: boolean;
}

/** Base of the settings of one topic: frozen, and silent about its secrets in JSON and in `inspect` (S1). */
export abstract class Settings {
  /** Set by topics of which the environment chooses one: the others are not read, and nothing of them is required. */
  static readonly choice: Choice | null = null;

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

/** Whether the environment asks for what the topic is about. */
export function isChosen({ choice }: { readonly choice: Choice | null }, environment: Environment): boolean {
  if (choice === null) return true;
  const text = textOf(environment, choice.variable)?.toLowerCase();
  return text === undefined ? choice.byDefault : text === choice.word;
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
