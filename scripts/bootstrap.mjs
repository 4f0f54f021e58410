// Makes a fresh clone ready to test and to run, from nothing but Node and npm. Silent when there is nothing to do.
import { buildIfChanged } from './bootstrap/build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireAnvil, requireCurl, requireRedisServer } from './bootstrap/programs.mjs';

await runSteps([requireNode, installDependencies, requireRedisServer, requireCurl, requireAnvil, buildIfChanged]);
