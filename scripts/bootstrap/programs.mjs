import { join } from 'node:path';
import { isProgram, ROOT } from './command.mjs';
import { requireProgram } from './installers.mjs';

/** What a Chromium is called elsewhere; test/support/http/browser.ts looks for the same names. */
const OTHER_CHROMIUMS = ['chromium-browser', 'google-chrome'];

/** Finds `redis-server`, installs it where that takes no questions, or throws one sentence that says what to do. */
export async function requireRedisServer() {
  await requireProgram({
    program: 'redis-server',
    variable: 'REDIS_SERVER',
    packages: { 'apt-get': 'redis-server', dnf: 'redis', apk: 'redis', brew: 'redis' },
    advice: 'install Redis 6.2 or newer',
  });
}

/** The same for `curl`, with which a test runs the examples of docs/operations.md. */
export async function requireCurl() {
  await requireProgram({
    program: 'curl',
    variable: 'CURL',
    packages: { 'apt-get': 'curl', dnf: 'curl', apk: 'curl', brew: 'curl' },
    advice: 'install curl 7.70 or newer',
  });
}

/** The same for `promtool`, which comes with Prometheus and which only `npm run check:monitoring` needs. */
export async function requirePromtool() {
  await requireProgram({
    program: 'promtool',
    variable: 'PROMTOOL',
    packages: { 'apt-get': 'prometheus', apk: 'prometheus', brew: 'prometheus' },
    advice: 'install Prometheus 2.42 or newer',
  });
}

/** The same for `prometheus`, which only `npm run test:alerts` needs. */
export async function requirePrometheus() {
  await requireProgram({
    program: 'prometheus',
    variable: 'PROMETHEUS',
    packages: { 'apt-get': 'prometheus', apk: 'prometheus', brew: 'prometheus' },
    advice: 'install Prometheus 2.42 or newer',
  });
}

/** The same for a Chromium, which only the tests of the console need. Google's own build will do where it is there. */
export async function requireChromium() {
  if (process.env['CHROMIUM'] === undefined && OTHER_CHROMIUMS.some((name) => isProgram(name))) return;
  await requireProgram({
    program: 'chromium',
    variable: 'CHROMIUM',
    packages: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium' },
    advice: 'install Chromium or Google Chrome',
  });
}

/** The npm package brings anvil for Linux on x64; elsewhere it has to be there already. */
export function requireAnvil() {
  const packaged = join(ROOT, 'node_modules', '@foundry-rs', 'anvil-linux-amd64', 'bin', 'anvil');
  if (isProgram(process.env['ANVIL'] ?? packaged) || isProgram('anvil')) return;
  throw new Error('anvil is needed: install Foundry, or name its program in the environment variable ANVIL.');
}
