import { Expose, Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import type { Network } from '../sections/networks.js';
import type { Environment } from './environment.js';
import type { EnvParser } from './env-parser.js';

/** A default that depends on other variables, and how the README says it. */
export interface DerivedDefault {
  readonly from: (environment: Environment) => string | null;
  readonly described: string;
  /** What a network's preset says; undefined when it says nothing. */
  readonly byNetwork?: (network: Network) => string | number | null | undefined;
}

interface EnvOptions<T> {
  readonly format: EnvParser<T>;
  /** As one would write it in the environment. Null: the variable may be left out. Missing: it is required. */
  readonly default?: string | DerivedDefault | null;
  /** For the README: what it means, with the unit. */
  readonly description: string;
  /** What Hokusai's contract-deployer calls the variable. Set alone, it stops the start: it would have no effect. */
  readonly peer?: { readonly name: string; readonly hint?: string };
  /** May also come from the file that `<name>_FILE` names, and is shown nowhere. */
  readonly secret?: boolean;
  /** The file that the variable names holds secrets: other users must not read it. */
  readonly isSecretFile?: boolean;
  /** For a value that names further variables, which are secrets too. */
  readonly references?: VariableReferences;
}

/** Variables that the value of another variable names. */
interface VariableReferences {
  readonly namesIn: (text: string) => readonly string[];
  /** Adds their values to the text, for the parser. */
  readonly resolve: (text: string, environment: Environment) => string;
}

/** One variable of the environment and the property it fills. */
export interface Variable extends Omit<EnvOptions<unknown>, 'format'> {
  readonly name: string;
  readonly property: string;
  readonly expected: string;
  /** What log lines must not show when the variable has this text. */
  readonly secretsIn: (text: string) => readonly string[];
}

const variables = new Map<Function, readonly Variable[]>();

/** All that is to say about one variable, on the property that receives it. */
export function Env<T>(name: string, options: EnvOptions<T>) {
  return <K extends string>(prototype: Record<K, T> & object, property: K): void => {
    const { format, ...rest } = options;
    const { expected } = format;
    Expose({ name })(prototype, property);
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? format.parse(value) : value))(
      prototype,
      property,
    );
    ValidateBy({ name, validator: { validate: (value) => value !== undefined } })(prototype, property);
    const secretsIn = (text: string): readonly string[] => {
      if (options.secret !== true || text === '') return [];
      const value = format.parse(text);
      // A secret that does not fit its format is one all the same.
      return value === undefined ? [text] : (format.secretsIn?.(value) ?? [text]);
    };
    const topic = prototype.constructor;
    variables.set(topic, [...variablesOfClass(topic), { ...rest, name, property, expected, secretsIn }]);
  };
}

/** The variables of a settings class, in the order of its properties. */
export function variablesOfClass(topic: Function): readonly Variable[] {
  return variables.get(topic) ?? [];
}
