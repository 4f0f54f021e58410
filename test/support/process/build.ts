import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bundleService } from './service-bundle.js';

/** For vitest, before the first test that starts the service: those run it from dist. */
export default async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/build.mjs']);
  await bundleService();
}
