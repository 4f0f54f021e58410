// `npm run sbom`: the software bill of materials of what the image runs, as CycloneDX on standard output. Leaving out is done
// here: `npm sbom --omit=dev` also leaves out what the service shares with a development package, such as @nestjs/common.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LEFT_OUT = ['dev', 'optional', 'devOptional'];

const scratch = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  const lock = read('package-lock.json');
  const packages = Object.entries(record(lock['packages']))
    .map(([path, entry]) => /** @type {const} */ ([path, withoutOthers(record(entry))]))
    .filter(([, entry]) => !LEFT_OUT.some((mark) => entry[mark] === true));
  // npm names the whole after its folder.
  const folder = join(scratch, String(lock['name']));
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(withoutOthers(read('package.json'))));
  const production = { ...lock, packages: Object.fromEntries(packages) };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(production));
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
} finally {
  rmSync(scratch, { recursive: true });
}

/** @param {string} path */
function read(path) {
  return record(JSON.parse(readFileSync(path, 'utf8')));
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function record(value) {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** @param {Record<string, unknown>} manifest */
function withoutOthers({ devDependencies: _dev, optionalDependencies: _optional, ...rest }) {
  return rest;
}
