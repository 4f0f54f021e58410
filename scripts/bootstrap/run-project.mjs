import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './command.mjs';
import { runSteps } from './run-steps.mjs';

/**
 * Runs the tests of one vitest project with the arguments of this process, once all steps have passed.
 *
 * @param {string} project
 * @param {Parameters<typeof runSteps>[0]} steps
 */
export async function runProject(project, steps) {
  await runSteps(steps);
  if (process.exitCode !== undefined) return;
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', project, ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
