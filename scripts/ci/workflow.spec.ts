import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const FOLDER = '.github/workflows';

describe('the workflows', () => {
  it('name every action by the commit of a version: a tag can be moved', async () => {
    const actions = (await workflows()).flatMap((text) => valuesOf(text, 'uses'));

    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('run all checks on every Node that is supported, from the oldest on', async () => {
    const ci = await readFile(join(FOLDER, 'ci.yml'), 'utf8');

    expect(valuesOf(ci, 'node')).toEqual(['[20, 22, 24]']);
    expect(valuesOf(ci, 'run')).toContain('.ci/run');
    expect(valuesOf(await readFile('package.json', 'utf8'), '"node"')).toEqual(['">=20.19"']);
  });

  it('runs the full crash matrix every week and on demand', async () => {
    const matrix = await readFile(join(FOLDER, 'crash-matrix.yml'), 'utf8');

    expect(matrix).toMatch(/^on:\n {2}schedule:\n {4}- cron: '\d+ \d+ \* \* \d'\n {2}workflow_dispatch:\n/m);
    expect(valuesOf(matrix, 'CRASH_MATRIX')).toEqual(['full']);
    expect(valuesOf(matrix, 'run').at(-1)).toBe('npx vitest run --project crash');
    expect(valuesOf(matrix, 'timeout-minutes')).toHaveLength(1);
  });

  it('play real nodes with every change and every week, and fail where no geth can be had', async () => {
    const check = await readFile('.ci/run', 'utf8');
    const matrix = await readFile(join(FOLDER, 'crash-matrix.yml'), 'utf8');

    expect(check).toMatch(/^tests \d+ npm run --silent test:nodes --$/m);
    expect(valuesOf(matrix, 'run')).toContain('npm run test:nodes');
    const nowhere = join(tmpdir(), 'no-such-folder');
    const env = { PATH: nowhere, XDG_CACHE_HOME: nowhere };
    await expect(promisify(execFile)(process.execPath, ['scripts/test-nodes.mjs'], { env })).rejects.toMatchObject({
      code: 1,
      stderr: 'geth is needed: install Go, or name a geth program in the environment variable GETH.\n',
    });
  });

  it('may read the repository and nothing else', async () => {
    for (const text of await workflows()) expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  });
});

async function workflows(): Promise<string[]> {
  const names = await readdir(FOLDER);
  return await Promise.all(names.map(async (name) => await readFile(join(FOLDER, name), 'utf8')));
}

/** What stands behind a key, wherever it is, comment included. */
function valuesOf(text: string, key: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [name, value] = line.replace(/^[\s-]+/, '').split(/: (.*)/);
    return name === key && value !== undefined ? [value] : [];
  });
}
