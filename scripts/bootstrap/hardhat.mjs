import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, run } from './command.mjs';

/** The last major version that runs on Node 20. */
const VERSION = '2.29.1';

/** Finds the npm project with hardhat that the variable `HARDHAT` names, or makes one outside the repository. Sets `HARDHAT`. */
export async function requireHardhat() {
  if (process.env['HARDHAT'] !== undefined) return;
  const folder = cacheFolder(`hardhat-${VERSION}`);
  if (!existsSync(folder)) {
    console.error(`Fetching hardhat ${VERSION} …`);
    const unfinished = `${folder}.${process.pid}`;
    await mkdir(unfinished, { recursive: true });
    try {
      await writeFile(join(unfinished, 'package.json'), '{"private":true}');
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
      await run('npm', ['install', '--prefix', unfinished, ...quiet, `hardhat@${VERSION}`]);
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  process.env['HARDHAT'] = folder;
}
