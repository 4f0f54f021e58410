import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rerunCommand, slowest } from './run-summary.js';

const TEST = { project: 'unit', file: 'libs/a.spec.ts' };

describe('rerunCommand', () => {
  it('names project, file and test, and no other test whose name begins alike', () => {
    expect(rerunCommand({ ...TEST, names: ['the queue', 'drains'] }, {})).toBe(
      "npx vitest run --project unit libs/a.spec.ts -t '^the queue drains$'",
    );
  });

  it('names the file alone when the file itself failed', () => {
    expect(rerunCommand({ ...TEST, names: [] }, {})).toBe('npx vitest run --project unit libs/a.spec.ts');
  });

  it('brings the seed, and nothing of the environment that it does not depend on', () => {
    const environment = { PROPERTY_SEED: '42', CHAOS_SEED: '7', PATH: '/bin', TOKEN: 'secret' };

    expect(rerunCommand({ ...TEST, names: ['a'] }, environment)).toBe(
      "CHAOS_SEED=7 PROPERTY_SEED=42 npx vitest run --project unit libs/a.spec.ts -t '^a$'",
    );
  });

  it('takes what a shell and a regular expression would read otherwise as text', () => {
    expect(rerunCommand({ ...TEST, names: ["it's 1+1 (or $2)"] }, {})).toBe(
      String.raw`npx vitest run --project unit libs/a.spec.ts -t '^it'\''s 1\+1 \(or \$2\)$'`,
    );
  });
});

it('slowest returns ten files, longest first', () => {
  const times = Array.from({ length: 12 }, (_, n) => ({ file: `${n}.spec.ts`, ms: n * 1000 }));

  expect(slowest(times).map(({ ms }) => ms / 1000)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
});

describe('a run that fails', () => {
  let folder: string;
  let output: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-summary-'));
    const files = {
      'vitest.config.mjs': "export default { test: { name: 'sample', globals: true, pool: 'threads' } };",
      'good.spec.js': "it('passes', () => undefined);",
      'bad.spec.js':
        "describe('a (suite)', () => {\n  it('fails', () => expect(1).toBe(2));\n  it('passes', () => {});\n});",
      'broken.spec.js': "throw new Error('broken');",
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    output = await run(folder);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('ends with a command for each failed test alone', () => {
    const [, end] = output.split(' Run a failed test alone:\n');

    expect(end?.split('\n\n')[0]?.split('\n').toSorted()).toEqual([
      String.raw`   PROPERTY_SEED=42 npx vitest run --project sample bad.spec.js -t '^a \(suite\) fails$'`,
      '   PROPERTY_SEED=42 npx vitest run --project sample broken.spec.js',
    ]);
  });

  it('ends with the slowest files', () => {
    const [, end] = output.split(' Slowest files:\n');

    expect(end?.match(/^ {3} +\d+\.\d s {2}\w+\.spec\.js$/gm)).toHaveLength(3);
  });
});

/** What vitest prints of the tests in a folder. */
async function run(folder: string): Promise<string> {
  const reporters = ['dot', resolve('scripts/ci/run-summary.ts')].map((reporter) => `--reporter=${reporter}`);
  const env = { PATH: process.env['PATH'], PROPERTY_SEED: '42', NO_COLOR: '1' };
  return await new Promise((done) => {
    const vitest = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', folder, ...reporters];
    execFile(process.execPath, vitest, { env }, (_error, stdout) => done(stdout));
  });
}
