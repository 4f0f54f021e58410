// `npm run monitoring:check`: finds promtool, builds, then goes on in the compiled monitoring-check.ts, in this same process.
import { buildIfChanged } from './bootstrap/build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { inOrder } from './bootstrap/run-steps.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requirePromtool } from './bootstrap/programs.mjs';

await inOrder([requireNode, installDependencies, requirePromtool, buildIfChanged]);
if (process.exitCode === undefined) {
  await import(new URL('../dist/scripts/monitoring-check.js', import.meta.url).href);
}
