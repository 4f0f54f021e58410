import { join } from 'node:path';
import { cacheFolder, isProgram, run } from './command.mjs';

/** The last version with clef. */
const VERSION = 'v1.17.0';

/** Finds clef by the variable `CLEF`, or builds it once with Go, outside the repository. Sets `CLEF`. */
export async function requireClef() {
  if (process.env['CLEF'] !== undefined) return;
  const folder = cacheFolder(`clef-${VERSION}`);
  const program = join(folder, 'clef');
  if (!isProgram(program)) {
    if (!isProgram('go'))
      throw new Error('clef is needed: install Go, or name a clef program in the environment variable CLEF.');
    console.error(`Building clef ${VERSION} …`);
    await run('go', ['install', `github.com/ethereum/go-ethereum/cmd/clef@${VERSION}`], { GOBIN: folder });
  }
  process.env['CLEF'] = program;
}
