import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ROOT, run } from './command.mjs';

/** Who asks for a package, which changes nothing of the package. */
const MARKS = new Set(['dev', 'optional', 'devOptional', 'peer']);

/** Runs `npm ci` unless node_modules holds exactly what package-lock.json asks for. */
export async function installDependencies() {
  if (await isInstalled()) return;
  console.error('Installing the npm packages of package-lock.json …');
  await run('npm', ['ci', '--no-audit', '--no-fund']);
}

// npm writes node_modules/.package-lock.json last of all, so a broken-off installation does not count as one.
async function isInstalled() {
  const wanted = await packagesOf(join(ROOT, 'package-lock.json'));
  const installed = await packagesOf(join(ROOT, 'node_modules', '.package-lock.json')).catch(() => null);
  if (installed === null) return false;
  return (
    [...wanted].every(([folder, entry]) => folder === '' || isOptional(entry) || installed.has(folder)) &&
    [...installed].every(([folder, entry]) => isDeepStrictEqual(contentOf(entry), contentOf(wanted.get(folder))))
  );
}

/**
 * @param {string} path of a lock file
 * @returns {Promise<Map<string, unknown>>} by folder, such as `node_modules/ethers`
 */
async function packagesOf(path) {
  /** @type {unknown} */
  const lock = JSON.parse(await readFile(path, 'utf8'));
  if (isObject(lock) && 'packages' in lock && isObject(lock.packages)) return new Map(Object.entries(lock.packages));
  throw new Error(`${path} is not a lock file of npm 7 or newer.`);
}

/** @param {unknown} entry */
function isOptional(entry) {
  return isObject(entry) && 'optional' in entry && entry.optional === true;
}

/** @param {unknown} entry */
function contentOf(entry) {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([name]) => !MARKS.has(name)));
}

/** @param {unknown} value @returns {value is object} */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}
