import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** For vitest, before the first end-to-end test: those run the service from dist. */
export default async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/build.mjs']);
}
