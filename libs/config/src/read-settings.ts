import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type Variable, variablesOf } from './env.js';
import { type Environment, type Problem, secretTextOf, textOf } from './environment.js';
import { InvalidEnvironment } from './invalid-environment.js';
import { type Choice, isChosen, seal, type Settings } from './settings.js';

export type SettingsClass<T extends Settings = Settings> = (new () => T) & { readonly choice: Choice | null };

/** The settings of several topics. */
export class SettingsSet {
  constructor(readonly all: readonly Settings[]) {}

  /** Null for a topic that the environment did not choose. */
  find<T extends Settings>(topic: SettingsClass<T>): T | null {
    return this.all.find((it): it is T => it instanceof topic) ?? null;
  }

  /** @throws Error when the environment was not read for this topic */
  get<T extends Settings>(topic: SettingsClass<T>): T {
    const found = this.find(topic);
    if (!found) throw new Error(`${topic.name} was not read`);
    return found;
  }
}

/**
 * Parses the environment into one frozen instance per class, but for those that it does not choose.
 *
 * @throws InvalidEnvironment naming every bad variable of all the classes
 */
export function readSettings(environment: Environment, classes: readonly SettingsClass[]): SettingsSet {
  const readings = classes.filter((type) => isChosen(type, environment)).map((type) => read(environment, type));
  const problems = readings.flatMap((reading) => reading.problems);
  if (problems.length > 0) throw new InvalidEnvironment(problems);
  return new SettingsSet(readings.map((reading) => reading.settings));
}

interface Reading {
  readonly settings: Settings;
  readonly problems: readonly Problem[];
}

function read(environment: Environment, type: SettingsClass): Reading {
  const variables = variablesOf(type);
  const texts: Record<string, string | null | undefined> = {};
  const problems: Problem[] = [];
  for (const variable of variables) {
    const given =
      variable.secret === true ? secretTextOf(environment, variable.name) : textOf(environment, variable.name);
    if (typeof given === 'object') problems.push(given);
    else texts[variable.name] = given ?? defaultOf(variable, environment);
  }
  const settings = plainToInstance(type, texts, { excludeExtraneousValues: true });
  const reported = new Set(problems.map((problem) => problem.variable.replace(/_FILE$/, '')));
  const bad = new Set(validateSync(settings).map((error) => error.property));
  for (const { name, property, expectation } of variables) {
    if (!bad.has(property) || reported.has(name)) continue;
    const verb = texts[name] === undefined ? 'is required and must be' : 'must be';
    problems.push({ variable: name, expectation: `${verb} ${expectation}` });
  }
  if (problems.length === 0) problems.push(...settings.contradictions());
  return { settings: seal(settings, secretsAmong(variables, texts)), problems };
}

function defaultOf(variable: Variable, environment: Environment): string | null | undefined {
  const fallback = variable.default;
  return typeof fallback === 'object' && fallback !== null ? fallback.from(environment) : fallback;
}

function secretsAmong(
  variables: readonly Variable[],
  texts: Readonly<Record<string, string | null | undefined>>,
): readonly string[] {
  return variables.flatMap(({ name, secretsIn }) => secretsIn(texts[name] ?? ''));
}
