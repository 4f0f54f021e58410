// `npm run setup`: everything that needs root or the network, once: npm packages, Redis, curl, Chromium, promtool and the build.
import { buildIfChanged } from './bootstrap/build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import {
  requireAnvil,
  requireChromium,
  requireCurl,
  requirePromtool,
  requireRedisServer,
} from './bootstrap/programs.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';

/** @type {readonly (readonly [what: string, step: () => void | Promise<void>])[]} */
const STEPS = [
  ['Node', requireNode],
  ['npm packages', installDependencies],
  ['redis-server', requireRedisServer],
  ['curl', requireCurl],
  ['anvil', requireAnvil],
  ['Chromium, for the tests of the console', requireChromium],
  ['promtool, for check:monitoring', requirePromtool],
  ['build', buildIfChanged],
];

await runSteps(
  STEPS.map(([what, step]) => async () => {
    await step();
    console.log(`ok      ${what}`);
  }),
);
if (process.exitCode === undefined)
  console.log('Ready: `npm run dev` starts the service, `npm run test:unit` tests it.');
