import { StartupError } from '#core';

/**
 * Loads an optional package.
 *
 * @param isUsable verifies what is used of the package
 * @throws StartupError with the command that installs it
 */
export async function loadPackage<T>(
  name: string,
  scheme: string,
  isUsable: (loaded: unknown) => loaded is T,
): Promise<T> {
  const loaded: unknown = await import(name).catch((error: unknown) => {
    throw new StartupError(`${scheme}: needs a package that is not installed: npm install ${name}`, { cause: error });
  });
  if (isUsable(loaded)) return loaded;
  throw new StartupError(`${scheme}: needs another version of a package: npm install ${name}`);
}

/** Whether a module exports functions or classes with these names. */
export function hasExports(loaded: unknown, names: readonly string[]): boolean {
  if (typeof loaded !== 'object' || loaded === null) return false;
  return names.every((name) => typeof Reflect.get(loaded, name) === 'function');
}
