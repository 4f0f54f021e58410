import { StartupError } from '#core';

/**
 * Loads an optional package.
 *
 * @typeParam T the part of the package that is used
 * @throws StartupError with the command that installs it
 */
export async function loadPackage<T>(name: string, scheme: string): Promise<T> {
  try {
    const loaded: unknown = await import(name);
    return loaded as T;
  } catch (error) {
    throw new StartupError(`${scheme}: needs a package that is not installed: npm install ${name}`, { cause: error });
  }
}
