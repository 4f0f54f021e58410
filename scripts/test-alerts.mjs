// `npm run test:alerts`: finds Prometheus, and fires each alert by its real fault.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './bootstrap/command.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireAnvil, requireCurl, requirePrometheus, requireRedisServer } from './bootstrap/programs.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';

await runSteps([requireNode, installDependencies, requireRedisServer, requireCurl, requirePrometheus, requireAnvil]);
if (process.exitCode === undefined) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'alerts', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
