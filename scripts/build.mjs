// Builds what is in the working tree, unless dist has it already. Needs neither Redis nor a node.
import { buildIfChanged } from './bootstrap/build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { inOrder } from './bootstrap/run-steps.mjs';
import { requireNode } from './bootstrap/node-version.mjs';

await inOrder([requireNode, installDependencies, buildIfChanged]);
