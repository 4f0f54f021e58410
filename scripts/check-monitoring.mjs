// `npm run check:monitoring`: finds promtool, builds, then goes on in the compiled check-monitoring.ts, in this same process.
import { buildIfChanged } from './bootstrap/build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requirePromtool } from './bootstrap/programs.mjs';

await runSteps([requireNode, installDependencies, requirePromtool, buildIfChanged]);
if (process.exitCode === undefined) {
  await import(new URL('../dist/scripts/check-monitoring.js', import.meta.url).href);
}
