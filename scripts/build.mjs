// Builds what is in the working tree, unless dist has it already. Needs neither Redis nor a node.
import { buildIfChanged } from './bootstrap/build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { runSteps } from './bootstrap/run-steps.mjs';
import { requireNode } from './bootstrap/node-version.mjs';

await runSteps([requireNode, installDependencies, buildIfChanged]);
