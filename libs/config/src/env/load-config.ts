import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type Variable, variablesOfClass } from './env.decorator.js';
import { type Environment, type ConfigProblem, readSecret, readVariable } from './environment.js';
import { ConfigValidationError } from './config-validation.error.js';
import { type EnabledWhen, isEnabled, freeze, type ConfigBase, type VariableText } from './config-base.js';

export type ConfigClass<T extends ConfigBase = ConfigBase> = (new () => T) & {
  readonly enabledWhen: EnabledWhen | null;
};

/** The settings of several topics. */
export class ConfigSet {
  constructor(readonly all: readonly ConfigBase[]) {}

  /** Null for a topic that the environment did not choose. */
  find<T extends ConfigBase>(topic: ConfigClass<T>): T | null {
    return this.all.find((it): it is T => it instanceof topic) ?? null;
  }

  /** @throws Error when the environment was not read for this topic */
  get<T extends ConfigBase>(topic: ConfigClass<T>): T {
    const found = this.find(topic);
    if (!found) throw new Error(`${topic.name} was not read`);
    return found;
  }
}

/**
 * Parses the environment into one frozen instance per class, but for those that it does not choose.
 *
 * @throws ConfigValidationError naming every bad variable of all the classes
 */
export function loadConfig(environment: Environment, classes: readonly ConfigClass[]): ConfigSet {
  const readings = classes.filter((type) => isEnabled(type, environment)).map((type) => read(environment, type));
  const problems = readings.flatMap((reading) => reading.problems);
  if (problems.length > 0) throw new ConfigValidationError(problems);
  return new ConfigSet(readings.map((reading) => reading.settings));
}

interface Reading {
  readonly settings: ConfigBase;
  readonly problems: readonly ConfigProblem[];
}

function read(environment: Environment, type: ConfigClass): Reading {
  const variables = variablesOfClass(type);
  const texts: Record<string, string | null | undefined> = {};
  const problems: ConfigProblem[] = [];
  const publicTexts = new Map<string, VariableText>();
  const files = new Map<string, string>();
  for (const variable of variables) {
    const given =
      variable.secret === true ? readResolved(environment, variable) : readVariable(environment, variable.name);
    const peer = given === undefined ? peerProblem(variable, environment) : null;
    if (peer !== null) problems.push(peer);
    else if (typeof given === 'object') problems.push(given);
    else texts[variable.name] = given ?? defaultOf(variable, environment);
    const file = variable.secret === true ? readVariable(environment, `${variable.name}_FILE`) : undefined;
    if (file !== undefined) files.set(variable.name, file);
    if (variable.secret !== true)
      publicTexts.set(variable.name, { text: texts[variable.name] ?? null, given: given !== undefined });
  }
  const settings = plainToInstance(type, texts, { excludeExtraneousValues: true });
  const reported = new Set([
    ...problems.map((problem) => problem.variable.replace(/_FILE$/, '')),
    ...variables.filter(({ peer }) => problems.some((it) => it.variable === peer?.name)).map(({ name }) => name),
  ]);
  const bad = new Set(validateSync(settings).map((error) => error.property));
  for (const { name, property, expected } of variables) {
    if (!bad.has(property) || reported.has(name)) continue;
    const verb = texts[name] === undefined ? 'is required and must be' : 'must be';
    problems.push({ variable: name, expected: `${verb} ${expected}` });
  }
  if (problems.length === 0) problems.push(...settings.crossFieldIssues());
  const secrets = variables.flatMap(({ name, secretsIn }) => secretsIn(texts[name] ?? ''));
  return { settings: freeze(settings, secrets, publicTexts, files), problems };
}

/** Reads a secret, with the values of the variables that it names. */
function readResolved(environment: Environment, { name, references }: Variable): string | undefined | ConfigProblem {
  const text = readSecret(environment, name);
  return typeof text === 'string' && references !== undefined ? references.resolve(text, environment) : text;
}

function peerProblem({ name, peer }: Variable, environment: Environment): ConfigProblem | null {
  if (peer === undefined || readVariable(environment, peer.name) === undefined) return null;
  const hint = peer.hint === undefined ? '' : `, ${peer.hint}`;
  return { variable: peer.name, expected: `is a variable of Hokusai's contract-deployer: set ${name} instead${hint}` };
}

function defaultOf(variable: Variable, environment: Environment): string | null | undefined {
  const fallback = variable.default;
  return typeof fallback === 'object' && fallback !== null ? fallback.from(environment) : fallback;
}
