import { readFileSync, statSync } from 'node:fs';
import { type Environment, readVariable } from './environment.js';
import { variablesOfClass } from './env.decorator.js';
import { secretVariables } from './environment-secrets.js';
import { CONFIG_CLASSES } from '../sections/config-classes.js';

/** A file with a secret that other users of the machine can read. */
export interface ExposedSecretFile {
  /** Such as `DEPLOYER_PRIVATE_KEY_FILE`. Never the path: a secret in the wrong variable would be printed with it. */
  readonly variable: string;
  /** Such as `0644`. */
  readonly mode: string;
}

const READABLE_BY_GROUP = 0o040;
const READABLE_BY_OTHERS = 0o004;
const PERMISSION_BITS = 0o777;

/**
 * Finds secret files that others may read, or the group of a file that this user owns. The group may read a file of another
 * user: that is how Kubernetes passes secrets to a user that is not root.
 */
export function exposedSecretFiles(environment: Environment): readonly ExposedSecretFile[] {
  const secrets = secretVariables().flatMap(({ name, secretsIn }) => {
    const variable = `${name}_FILE`;
    const path = readVariable(environment, variable);
    if (path === undefined || secretsIn(readFileSync(path, 'utf8').trim()).length === 0) return [];
    return exposed(variable, path);
  });
  const files = CONFIG_CLASSES.flatMap((topic) => variablesOfClass(topic))
    .filter(({ isSecretFile }) => isSecretFile === true)
    .flatMap(({ name }) => exposed(name, readVariable(environment, name)));
  return [...secrets, ...files];
}

function exposed(variable: string, path: string | undefined): readonly ExposedSecretFile[] {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  const tooOpen = READABLE_BY_OTHERS | (stats.uid === process.getuid?.() ? READABLE_BY_GROUP : 0);
  if ((stats.mode & tooOpen) === 0) return [];
  return [{ variable, mode: (stats.mode & PERMISSION_BITS).toString(8).padStart(4, '0') }];
}
