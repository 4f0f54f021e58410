// `npm run test:nodes`: brings geth and hardhat, and runs the tests against them.
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireGeth } from './bootstrap/go-ethereum.mjs';
import { requireHardhat } from './bootstrap/hardhat.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireRedisServer } from './bootstrap/programs.mjs';
import { runProject } from './bootstrap/run-project.mjs';

/** NODE_URL names a further node; its key pays for the contracts and the tokens. */
async function requireNodeKey() {
  if (process.env['NODE_URL'] !== undefined && process.env['NODE_PRIVATE_KEY'] === undefined)
    throw new Error('NODE_URL needs NODE_PRIVATE_KEY: the 0x-prefixed key of an account with funds on that chain.');
}

await runProject('nodes', [
  requireNode,
  requireNodeKey,
  requireGeth,
  installDependencies,
  requireRedisServer,
  requireHardhat,
]);
