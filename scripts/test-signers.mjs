// `npm run test:signers`: brings clef, and runs the tests of remote signers against it and against moto's AWS KMS.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { requireClef } from './bootstrap/clef.mjs';
import { ROOT } from './bootstrap/command.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireAnvil, requireRedisServer } from './bootstrap/programs.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';

await runSteps([requireNode, installDependencies, requireRedisServer, requireAnvil, requireClef]);
if (process.exitCode === undefined) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'signers', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
