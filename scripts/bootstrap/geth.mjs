import { join } from 'node:path';
import { cacheFolder, isProgram, run } from './command.mjs';

const VERSION = 'v1.17.10';

/** Finds geth by the variable `GETH`, or builds it once with Go, outside the repository. Sets `GETH`. */
export async function requireGeth() {
  if (process.env['GETH'] !== undefined) return;
  const folder = cacheFolder(`geth-${VERSION}`);
  const program = join(folder, 'geth');
  if (!isProgram(program)) {
    if (!isProgram('go'))
      throw new Error('geth is needed: install Go, or name a geth program in the environment variable GETH.');
    console.error(`Building geth ${VERSION} …`);
    await run('go', ['install', `github.com/ethereum/go-ethereum/cmd/geth@${VERSION}`], { GOBIN: folder });
  }
  process.env['GETH'] = program;
}
