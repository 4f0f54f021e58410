import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const LIBRARIES =
  'core messages config telemetry redis signing contracts queue ledger chain deployment audit ops'.split(' ');
const PACKAGES = ['ioredis', 'ethers', '@nestjs/common', '@nestjs/terminus', 'prom-client', 'class-validator', 'rxjs'];

/** One import that is against the house, and the rule that must report it. */
const VIOLATIONS: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['libs/core/src/a.ts', 'node:fs', 'core-imports-nothing'],
  ['libs/core/src/b.ts', 'rxjs', 'core-imports-nothing'],
  ['libs/core/src/c.ts', '#messages', 'core-enters-only-its-own-libraries'],
  ['libs/messages/src/a.ts', '#config', 'messages-enters-only-its-own-libraries'],
  ['libs/messages/src/b.ts', 'rxjs', 'messages-imports-little'],
  ['libs/messages/src/c.ts', 'ethers', 'ethers-stays-in-its-place'],
  ['libs/config/src/a.ts', '#core', 'config-enters-only-its-own-libraries'],
  ['libs/telemetry/src/a.ts', '#config', 'telemetry-enters-only-its-own-libraries'],
  ['libs/redis/src/a.ts', '#messages', 'redis-enters-only-its-own-libraries'],
  ['libs/signing/src/a.ts', '#contracts', 'signing-enters-only-its-own-libraries'],
  ['libs/contracts/src/a.ts', '#chain', 'contracts-enters-only-its-own-libraries'],
  ['libs/queue/src/a.ts', '#ledger', 'queue-enters-only-its-own-libraries'],
  ['libs/ledger/src/a.ts', '#chain', 'ledger-enters-only-its-own-libraries'],
  ['libs/chain/src/a.ts', '#queue', 'chain-enters-only-its-own-libraries'],
  ['libs/chain/src/b.ts', 'ioredis', 'ioredis-stays-in-its-place'],
  ['libs/worker/src/a.ts', '#redis', 'worker-enters-only-its-own-libraries'],
  ['libs/worker/src/b.ts', 'ethers', 'ethers-stays-in-its-place'],
  ['libs/worker/src/c.ts', '@nestjs/terminus', 'terminus-stays-in-its-place'],
  ['libs/reconciliation/src/a.ts', '#ledger', 'reconciliation-enters-only-its-own-libraries'],
  ['libs/api/src/a.ts', '#chain', 'api-enters-only-its-own-libraries'],
  ['libs/api/src/b.ts', 'prom-client', 'prom-client-stays-in-its-place'],
  ['libs/api/src/c.ts', '../../core/src/inner.js', 'libraries-are-entered-by-their-index'],
  ['apps/token-deployer/src/a.ts', '../../../libs/queue/src/inner.js', 'others-enter-libraries-by-their-index'],
  ['apps/token-deployer/src/b.ts', '../../../test/support/fake.js', 'production-code-imports-no-test'],
  ['libs/queue/src/b.ts', './inner.spec.js', 'production-code-imports-no-test'],
  ['libs/queue/src/c.ts', 'vitest', 'production-code-uses-no-development-package'],
  ['libs/queue/src/d.ts', 'undeclared', 'packages-are-declared'],
  ['libs/queue/src/e.ts', './missing.js', 'everything-resolves'],
  ['libs/queue/src/f.ts', './g.js', 'no-cycles'],
];

/** What the house allows, to prove that the rules above do not forbid everything. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'libs/messages/src/validation/evm-address.ts': ['ethers', '#core', 'class-validator'],
  'libs/ledger/src/ok.ts': ['#queue', '#redis', 'ioredis', 'node:crypto', '@nestjs/common'],
  'libs/chain/src/ok.ts': ['#contracts', '#core', '#telemetry', 'ethers'],
  'libs/queue/src/inner.spec.ts': ['vitest', './inner.js'],
  'apps/token-deployer/src/main.ts': LIBRARIES.map((library) => `#${library}`),
};

describe('the import rules', () => {
  let house: string;
  let reported: readonly string[];

  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'house-'));
    await writeSampleProject(house);
    reported = await reportedViolations(house);
  }, 120_000);

  afterAll(() => rm(house, { recursive: true, force: true }));

  it.each(VIOLATIONS)('report %s importing %s (%s)', (file, _imported, rule) => {
    expect(reported).toContain(`${rule} ${file}`);
  });

  it('report nothing else', () => {
    const planted = new Set(VIOLATIONS.map(([file]) => file));
    expect(
      reported.filter((line) => !planted.has(line.split(' ')[1] ?? '') && !line.endsWith('queue/src/g.ts')),
    ).toEqual([]);
  });
});

async function writeSampleProject(folder: string): Promise<void> {
  await Promise.all([
    ...['tsconfig.json', '.dependency-cruiser.mjs'].map((file) => copyFile(resolve(file), join(folder, file))),
    write(folder, 'package.json', packageJson()),
    ...[...PACKAGES, 'vitest', 'undeclared'].flatMap((name) => [
      write(folder, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })),
      write(folder, `node_modules/${name}/index.js`, 'module.exports = {};'),
    ]),
    ...LIBRARIES.flatMap((library) => [
      write(folder, `libs/${library}/src/index.ts`, "export * from './inner.js';"),
      write(folder, `libs/${library}/src/inner.ts`, 'export const inner = 1;'),
    ]),
    write(folder, 'test/support/fake.ts', "import '#queue';"),
    write(folder, 'libs/queue/src/g.ts', "import './f.js';"),
    ...VIOLATIONS.map(([file, imported]) => write(folder, file, `import '${imported}';`)),
    ...Object.entries(ALLOWED).map(([file, imports]) =>
      write(folder, file, imports.map((imported) => `import '${imported}';`).join('\n')),
    ),
  ]);
}

function packageJson(): string {
  return JSON.stringify({
    name: 'house',
    type: 'module',
    imports: { '#*': { source: './libs/*/src/index.ts', default: './dist/libs/*/src/index.js' } },
    dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])),
    devDependencies: { vitest: '1.0.0' },
  });
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** Lines such as `no-cycles libs/queue/src/f.ts`. */
async function reportedViolations(folder: string): Promise<readonly string[]> {
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'libs', 'test'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
}
