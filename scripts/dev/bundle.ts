import { rolldown } from 'rolldown';
import { OPTIONAL_PACKAGES, resolveOwnPaths } from '../../test/support/process/service-bundle.js';

const MAIN = 'apps/token-deployer/src/main.ts';

/**
 * Bundles the service from its sources, in about a second. Types are not checked.
 *
 * @throws Error with the file and line of what does not compile
 */
export async function bundleSources(file: string): Promise<void> {
  const bundle = await rolldown({
    input: MAIN,
    platform: 'node',
    tsconfig: 'tsconfig.json',
    external: OPTIONAL_PACKAGES,
    resolve: { conditionNames: ['source', 'node'] },
    plugins: [resolveOwnPaths],
  });
  try {
    await bundle.write({ file, format: 'esm', codeSplitting: false, keepNames: true, sourcemap: true });
  } finally {
    await bundle.close();
  }
}
