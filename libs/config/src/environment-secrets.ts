import { variablesOf } from './env.js';
import { type Environment, secretTextOf, textOf } from './environment.js';
import { TOPICS } from './topics.js';

/**
 * Every text of an environment that nothing printed may contain, whether or not the environment is usable: for what has to
 * be said before the settings are read, or because they cannot be.
 */
export function secretsInEnvironment(environment: Environment): readonly string[] {
  const secrets = TOPICS.flatMap((topic) => variablesOf(topic)).filter(({ secret }) => secret === true);
  return secrets.flatMap(({ name, secretsIn }) => {
    const file = `${name}_FILE`;
    const inFile = secretTextOf({ [file]: environment[file] }, name);
    return [textOf(environment, name), inFile].flatMap((text) => (typeof text === 'string' ? secretsIn(text) : []));
  });
}
