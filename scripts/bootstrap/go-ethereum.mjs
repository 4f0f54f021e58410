import { join } from 'node:path';
import { cacheFolder, isProgram, run } from './command.mjs';

/** Finds geth by the variable `GETH`, or builds it once with Go, outside the repository. Sets `GETH`. */
export async function requireGeth() {
  await requireCommand('geth', 'v1.17.10');
}

/** The same for clef and `CLEF`, in the last version that has it. */
export async function requireClef() {
  await requireCommand('clef', 'v1.17.0');
}

/**
 * @param {string} name of the command of go-ethereum
 * @param {string} version
 */
async function requireCommand(name, version) {
  const variable = name.toUpperCase();
  if (process.env[variable] !== undefined) return;
  const folder = cacheFolder(`${name}-${version}`);
  const program = join(folder, name);
  if (!isProgram(program)) {
    if (!isProgram('go'))
      throw new Error(
        `${name} is needed: install Go, or name a ${name} program in the environment variable ${variable}.`,
      );
    console.error(`Building ${name} ${version} …`);
    await run('go', ['install', `github.com/ethereum/go-ethereum/cmd/${name}@${version}`], { GOBIN: folder });
  }
  process.env[variable] = program;
}
