// `npm run test:signers`: brings clef, and runs the tests of remote signers against it and against moto's AWS KMS.
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireClef } from './bootstrap/go-ethereum.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireAnvil, requireRedisServer } from './bootstrap/programs.mjs';
import { runProject } from './bootstrap/run-project.mjs';

await runProject('signers', [requireNode, installDependencies, requireRedisServer, requireAnvil, requireClef]);
