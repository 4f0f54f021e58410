import { readFileSync } from 'node:fs';

/** Variables as the operating system, or a `.env` file, gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that cannot be used, and what it should have been. Never its value. */
export interface ConfigProblem {
  readonly variable: string;
  /** A clause that follows the name, such as `must be an integer from 1 to 100`. */
  readonly expected: string;
}

/** The problems that are met. */
export function configProblems(
  ...found: readonly (readonly [met: unknown, variable: string, expected: string])[]
): readonly ConfigProblem[] {
  return found.filter(([met]) => Boolean(met)).map(([, variable, expected]) => ({ variable, expected }));
}

/** The text of one variable; undefined when it is unset or blank. */
export function readVariable(environment: Environment, variable: string): string | undefined {
  const text = environment[variable]?.trim();
  return text === '' ? undefined : text;
}

/** The text of a secret: from the variable itself, or from the file that `<variable>_FILE` names. */
export function readSecret(environment: Environment, variable: string): string | undefined | ConfigProblem {
  const text = readVariable(environment, variable);
  const file = readVariable(environment, `${variable}_FILE`);
  if (file === undefined) return text;
  if (text !== undefined) return { variable, expected: `must not be set together with ${variable}_FILE` };
  try {
    return readVariable({ content: readFileSync(file, 'utf8') }, 'content');
  } catch {
    // The reason may quote the path, and a secret set in the wrong variable would be quoted with it.
    return { variable: `${variable}_FILE`, expected: 'must name a readable file' };
  }
}
