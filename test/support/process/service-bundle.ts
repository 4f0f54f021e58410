import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** The service and its packages in one module, below `dist`, which `nest build` empties. */
export const SERVICE_BUNDLE = 'dist/test/service-bundle.mjs';
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

/**
 * Bundles the compiled service, unless the bundle is newer than dist. Node loads one file where production loads some two
 * thousand: a start takes a quarter of the processor time, and the tests start hundreds.
 */
export async function bundleService(): Promise<void> {
  if (await isFresh()) return;
  await mkdir(dirname(SERVICE_BUNDLE), { recursive: true });
  const bundle = await rolldown({
    input: MAIN,
    platform: 'node',
    external: OPTIONAL_PACKAGES,
    plugins: [resolveOwnPaths],
  });
  const scratch = `${SERVICE_BUNDLE}.${process.pid}`;
  try {
    await bundle.write({ file: scratch, format: 'esm', codeSplitting: false, keepNames: true });
    await rename(scratch, SERVICE_BUNDLE);
  } finally {
    await Promise.all([bundle.close(), rm(scratch, { force: true })]);
  }
}

async function isFresh(): Promise<boolean> {
  const [bundled, built] = await Promise.all([changedAt(SERVICE_BUNDLE), changedAt(STAMP)]);
  return bundled > built;
}

/** 0 for a file that is not there. */
async function changedAt(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
