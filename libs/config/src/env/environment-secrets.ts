import { type Variable, variablesOfClass } from './env.decorator.js';
import { type Environment, readSecret, readVariable } from './environment.js';
import { CONFIG_CLASSES } from '../sections/config-classes.js';

/**
 * Every text of an environment that nothing printed may contain, whether or not the environment is usable: for what has to
 * be said before the settings are read, or because they cannot be.
 */
export function secretsInEnvironment(environment: Environment): readonly string[] {
  return secretVariables().flatMap(({ name, secretsIn, references }) =>
    textsOf(environment, name).flatMap((text) => secretsIn(references?.resolve(text, environment) ?? text)),
  );
}

/** Deletes the secret variables from an environment that has been read: a report or a child process shows all of it. */
export function deleteSecrets(environment: Record<string, string | undefined>): void {
  for (const { name, references } of secretVariables()) {
    const named = textsOf(environment, name).flatMap((text) => references?.namesIn(text) ?? []);
    for (const secret of [name, ...named]) delete environment[secret];
  }
}

/** Returns what the variable and its file hold. */
function textsOf(environment: Environment, name: string): readonly string[] {
  const file = `${name}_FILE`;
  const found = [readVariable(environment, name), readSecret({ [file]: environment[file] }, name)];
  return found.filter((text) => typeof text === 'string');
}

export function secretVariables(): readonly Variable[] {
  return CONFIG_CLASSES.flatMap((topic) => variablesOfClass(topic)).filter(({ secret }) => secret === true);
}
