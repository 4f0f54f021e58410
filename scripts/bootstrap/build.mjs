import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, runScript } from './command.mjs';

/** Everything that the content of dist depends on. */
const INPUTS = [
  'apps',
  'clients/typescript',
  'libs',
  'schemas',
  'scripts',
  'test/chaos',
  'test/support',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
// `nest build` empties dist first, so the stamp never outlives what it vouches for.
const STAMP = join(ROOT, 'dist', '.built-from');

/** Builds the service, then the scripts and the test launchers they use, unless dist was built from these very files. */
export async function buildIfChanged() {
  const digest = await digestOfInputs();
  if ((await readFile(STAMP, 'utf8').catch(() => null)) === digest) return;
  await runScript('@nestjs/cli/bin/nest.js', ['build']);
  await runScript('typescript/bin/tsc', ['-p', 'scripts/tsconfig.json']);
  await writeFile(STAMP, digest);
}

async function digestOfInputs() {
  const hash = createHash('sha256').update(process.versions.node);
  for (const input of INPUTS) {
    for (const path of await filesBelow(input)) {
      hash.update(`\0${path}\0`).update(await readFile(join(ROOT, path)));
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path a file, which is below itself, or a folder
 * @returns {Promise<string[]>} in an order that depends on the names alone
 */
async function filesBelow(path) {
  if ((await stat(join(ROOT, path))).isFile()) return [path];
  const names = (await readdir(join(ROOT, path))).toSorted();
  return (await Promise.all(names.map((name) => filesBelow(`${path}/${name}`)))).flat();
}
