import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProgram, ROOT, run } from './command.mjs';

const isRoot = process.getuid?.() === 0;

/** Package managers that can install Redis without asking anybody. */
const INSTALLERS = [
  { program: 'apt-get', usable: isRoot, install: installWithApt },
  { program: 'dnf', usable: isRoot, install: () => run('dnf', ['install', '-y', 'redis']) },
  { program: 'apk', usable: isRoot, install: () => run('apk', ['add', '--no-cache', 'redis']) },
  { program: 'brew', usable: !isRoot, install: () => run('brew', ['install', '--quiet', 'redis']) },
];

/** Finds `redis-server`, installs it where that takes no questions, or throws one sentence that says what to do. */
export async function requireRedisServer() {
  const named = process.env['REDIS_SERVER'];
  if (named !== undefined) {
    if (isProgram(named)) return;
    throw new Error(`REDIS_SERVER names '${named}', which is not a program.`);
  }
  if (isProgram('redis-server')) return;
  const installer = INSTALLERS.find(({ program, usable }) => usable && isProgram(program));
  if (installer) {
    console.error(`Installing redis-server with ${installer.program} …`);
    await installer.install();
  }
  if (isProgram('redis-server')) return;
  throw new Error(
    'redis-server is needed: install Redis 6.2 or newer, or name its program in the environment variable REDIS_SERVER.',
  );
}

/** Debian starts a service as soon as it is installed; a policy of "no" (exit code 101) keeps Redis from running. */
async function installWithApt() {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], quiet);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], quiet);
  } finally {
    if (ours) await rm(policy, { force: true });
  }
}

/** The npm package brings anvil for Linux on x64; elsewhere it has to be there already. */
export function requireAnvil() {
  const packaged = join(ROOT, 'node_modules', '@foundry-rs', 'anvil-linux-amd64', 'bin', 'anvil');
  if (isProgram(process.env['ANVIL'] ?? packaged) || isProgram('anvil')) return;
  throw new Error('anvil is needed: install Foundry, or name its program in the environment variable ANVIL.');
}
