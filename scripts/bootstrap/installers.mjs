import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { isProgram, run } from './command.mjs';

const isRoot = process.getuid?.() === 0;

/**
 * Package managers that install without a prompt.
 *
 * @type {readonly {
 *   readonly manager: keyof Packages,
 *   readonly usable: boolean,
 *   readonly install: (name: string) => Promise<void>,
 * }[]}
 */
const INSTALLERS = [
  { manager: 'apt-get', usable: isRoot, install: installWithApt },
  { manager: 'dnf', usable: isRoot, install: (name) => run('dnf', ['install', '-y', name]) },
  { manager: 'apk', usable: isRoot, install: (name) => run('apk', ['add', '--no-cache', name]) },
  { manager: 'brew', usable: !isRoot, install: (name) => run('brew', ['install', '--quiet', name]) },
];

/**
 * What each package manager calls the package that holds a program.
 *
 * @typedef {Partial<Record<'apt-get' | 'dnf' | 'apk' | 'brew', string>>} Packages
 */

/**
 * Finds the program that an environment variable names, or one on PATH; installs it where that takes no questions.
 *
 * @param {{ readonly program: string, readonly variable: string, readonly packages: Packages, readonly advice: string }} wanted
 * @returns {Promise<void>} throws one sentence that says what to do when there is no such program
 */
export async function requireProgram({ program, variable, packages, advice }) {
  const named = process.env[variable];
  if (named !== undefined) {
    if (isProgram(named)) return;
    throw new Error(`${variable} names '${named}', which is not a program.`);
  }
  if (isProgram(program)) return;
  const installer = INSTALLERS.find(({ manager, usable }) => usable && packages[manager] && isProgram(manager));
  const name = installer && packages[installer.manager];
  if (name) {
    console.error(`Installing ${name} with ${installer.manager} …`);
    // The package manager's error says why; the sentence below says what to do.
    await installer.install(name).catch((/** @type {Error} */ { message }) => console.error(message));
  }
  if (isProgram(program)) return;
  throw new Error(`${program} is needed: ${advice}, or name its program in the environment variable ${variable}.`);
}

/**
 * Debian starts a service as soon as it is installed; a policy of "no" (exit code 101) keeps it from running.
 *
 * @param {string} name
 */
async function installWithApt(name) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], quiet);
    await run('apt-get', ['install', '-y', '--no-install-recommends', name], quiet);
  } finally {
    if (ours) await rm(policy, { force: true });
  }
}
