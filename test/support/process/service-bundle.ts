import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** Below `dist`, which `nest build` empties. */
const BUNDLE = 'dist/test/service-bundle.cjs';
const CODE_CACHE = 'dist/test/service-bundle.cache';
/** What Node runs: the service and its packages in one module, compiled. */
export const BUNDLED_SERVICE: readonly string[] = ['dist/test/support/process/run-bundle.js', BUNDLE, CODE_CACHE];
const MAIN = 'dist/apps/token-deployer/src/main.js';
const STAMP = 'dist/.built-from';
/** Nest requires these packages only if they are installed. */
export const OPTIONAL_PACKAGES =
  /^@nestjs\/(microservices|websockets|mongoose|sequelize|typeorm|axios|swagger)|^@grpc\/|^@mikro-orm\/|^@prisma\//;

/** Lets a bundled module find the files beside its source. */
export const resolveOwnPaths = {
  name: 'resolve-own-paths',
  transform: (code: string, id: string) =>
    code.includes('import.meta.url')
      ? { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null }
      : undefined,
};

/** Terminus asks in this way whether a package is installed. */
const resolveAsCommonJs = {
  name: 'resolve-as-common-js',
  transform: (code: string) =>
    code.includes('import.meta.resolve')
      ? { code: code.replaceAll('import.meta.resolve', 'require.resolve'), map: null }
      : undefined,
};

/**
 * Bundles the compiled service, unless the bundle is newer than dist. Node loads one file where production loads some two
 * thousand: a start takes a fraction of the processor time, and the tests start hundreds.
 */
export async function bundleService(): Promise<void> {
  if (await isFresh()) return;
  await mkdir(dirname(BUNDLE), { recursive: true });
  const bundle = await rolldown({
    input: MAIN,
    platform: 'node',
    external: OPTIONAL_PACKAGES,
    plugins: [resolveOwnPaths, resolveAsCommonJs],
  });
  const scratch = `${BUNDLE}.${process.pid}`;
  const scratchCache = `${CODE_CACHE}.${process.pid}`;
  try {
    await bundle.write({ file: scratch, format: 'cjs', codeSplitting: false, keepNames: true });
    await writeCodeCache(scratch, scratchCache);
    await rename(scratchCache, CODE_CACHE);
    await rename(scratch, BUNDLE);
  } finally {
    await Promise.all([bundle.close(), rm(scratch, { force: true }), rm(scratchCache, { force: true })]);
  }
}

/** The service loads all of its modules, and ends because nothing is configured. */
async function writeCodeCache(bundle: string, cache: string): Promise<void> {
  const [runner = ''] = BUNDLED_SERVICE;
  await once(spawn(process.execPath, [runner, bundle, cache, 'write'], { env: {}, stdio: 'ignore' }), 'exit');
}

async function isFresh(): Promise<boolean> {
  const [bundled, built] = await Promise.all([changedAt(BUNDLE), changedAt(STAMP)]);
  return bundled > built;
}

/** 0 for a file that is not there. */
async function changedAt(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
