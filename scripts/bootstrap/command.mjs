import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * A folder for what is fetched once, outside the repository.
 *
 * @param {string} name with the version
 */
export function cacheFolder(name) {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hokusai-token-deployer', name);
}

/**
 * Runs a command silently; when it fails, throws with everything that it printed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env on top of this process's own
 * @returns {Promise<void>}
 */
export async function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
    });
  }
  await new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${output}\n'${[command, ...args].join(' ')}' ended with ${signal ?? code}.`));
    });
  });
}

/**
 * Runs a program of a package in node_modules.
 *
 * @param {string} script such as `typescript/bin/tsc`
 * @param {readonly string[]} args
 */
export async function runScript(script, args) {
  await run(process.execPath, [join(ROOT, 'node_modules', script), ...args]);
}

/**
 * Whether `name` is a program: a path, or the name of one on PATH.
 *
 * @param {string} name
 */
export function isProgram(name) {
  const folders = /[\\/]/.test(name) ? [''] : (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => isExecutable(join(folder, name)));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
