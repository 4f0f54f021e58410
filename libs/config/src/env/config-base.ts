import { inspect } from 'node:util';
import { variablesOfClass } from './env.decorator.js';
import { type Environment, type ConfigProblem, readVariable } from './environment.js';

const REDACTED = '[redacted]';
const secrets = new WeakMap<ConfigBase, readonly string[]>();
const publicTexts = new WeakMap<ConfigBase, ReadonlyMap<string, VariableText>>();
const secretFiles = new WeakMap<ConfigBase, ReadonlyMap<string, string>>();

/** What a variable that is no secret was read from. */
export interface VariableText {
  /** Null for a variable that is left out. */
  readonly text: string | null;
  /** Whether the environment sets it; otherwise the text is the default. */
  readonly given: boolean;
}

/** The word of a variable that a topic belongs to. */
export interface EnabledWhen {
  readonly variable: string;
  readonly value: string;
  /** Whether this is the word when the variable is not set. */
  readonly isDefault: boolean;
}

/** Base of the settings of one topic: frozen, and silent about its secrets in JSON and in `inspect` (S1). */
export abstract class ConfigBase {
  /** Set by topics of which the environment chooses one: the others are not read, and nothing of them is required. */
  static readonly enabledWhen: EnabledWhen | null = null;

  /** What is wrong with variables that are each well by themselves. Asked only when they are. */
  crossFieldIssues(): readonly ConfigProblem[] {
    return [];
  }

  toJSON(): Record<string, unknown> {
    const shown = variablesOfClass(this.constructor).map(({ property, secret }) => {
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
export function isEnabled(
  { enabledWhen }: { readonly enabledWhen: EnabledWhen | null },
  environment: Environment,
): boolean {
  if (enabledWhen === null) return true;
  const text = readVariable(environment, enabledWhen.variable)?.toLowerCase();
  return text === undefined ? enabledWhen.isDefault : text === enabledWhen.value;
}

/** Freezes the settings and hides the secret properties from spreads and enumeration. */
export function freeze<T extends ConfigBase>(
  settings: T,
  secretTexts: readonly string[],
  texts: ReadonlyMap<string, VariableText>,
  files: ReadonlyMap<string, string>,
): T {
  for (const { property, secret } of variablesOfClass(settings.constructor)) {
    if (secret === true) Object.defineProperty(settings, property, { enumerable: false });
  }
  secrets.set(settings, secretTexts);
  publicTexts.set(settings, texts);
  secretFiles.set(settings, files);
  return Object.freeze(settings);
}

/** Every text that no log line may contain: keys, tokens, URLs with what they hide. */
export function secretsOf(...settings: readonly ConfigBase[]): readonly string[] {
  return [...new Set(settings.flatMap((it) => secrets.get(it) ?? []))];
}

/** By the name of the variable; secrets are not among them. */
export function textsOf(settings: ConfigBase): ReadonlyMap<string, VariableText> {
  return publicTexts.get(settings) ?? new Map();
}

/** Returns the path of the file that a secret was read from. Null when the variable itself holds it. */
export function secretFileOf(settings: ConfigBase, variable: string): string | null {
  return secretFiles.get(settings)?.get(variable) ?? null;
}
