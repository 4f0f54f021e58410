import { type Variable, variablesOfClass } from './env.decorator.js';
import { type Environment, readSecret, readVariable } from './environment.js';
import { CONFIG_CLASSES } from '../sections/config-classes.js';

/**
 * Every text of an environment that nothing printed may contain, whether or not the environment is usable: for what has to
 * be said before the settings are read, or because they cannot be.
 */
export function secretsInEnvironment(environment: Environment): readonly string[] {
  return secretVariables().flatMap(({ name, secretsIn }) => {
    const file = `${name}_FILE`;
    const inFile = readSecret({ [file]: environment[file] }, name);
    return [readVariable(environment, name), inFile].flatMap((text) =>
      typeof text === 'string' ? secretsIn(text) : [],
    );
  });
}

/** Deletes the secret variables from an environment that has been read: a report or a child process shows all of it. */
export function deleteSecrets(environment: Record<string, string | undefined>): void {
  for (const { name } of secretVariables()) delete environment[name];
}

export function secretVariables(): readonly Variable[] {
  return CONFIG_CLASSES.flatMap((topic) => variablesOfClass(topic)).filter(({ secret }) => secret === true);
}
