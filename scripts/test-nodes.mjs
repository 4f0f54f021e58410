// `npm run test:nodes`: brings geth and hardhat, and runs the tests against them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './bootstrap/command.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireGeth } from './bootstrap/geth.mjs';
import { requireHardhat } from './bootstrap/hardhat.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireRedisServer } from './bootstrap/programs.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';

/** NODE_URL names a further node; its key pays for the contracts and the tokens. */
async function requireNodeKey() {
  if (process.env['NODE_URL'] !== undefined && process.env['NODE_PRIVATE_KEY'] === undefined)
    throw new Error('NODE_URL needs NODE_PRIVATE_KEY: the 0x-prefixed key of an account with funds on that chain.');
}

await runSteps([requireNode, requireNodeKey, installDependencies, requireRedisServer, requireGeth, requireHardhat]);
if (process.exitCode === undefined) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'nodes', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
