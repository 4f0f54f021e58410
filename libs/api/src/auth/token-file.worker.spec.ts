import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiApp } from '../../../../test/support/http/api-app.js';
import { until } from '../../../../test/support/until.js';

const YEARS_AHEAD = '2199-01-01';

function line(id: string, token: string, { scope = 'operate', expiry = YEARS_AHEAD } = {}): string {
  return `${id} ${scope} ${expiry} ${createHash('sha256').update(token).digest('hex')}\n`;
}

describe('the file of tokens', () => {
  let ops: ApiApp;
  let url: string;
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ops-tokens-'));
    path = join(folder, 'tokens');
  });
  afterEach(async () => {
    await ops.stop();
    await rm(folder, { recursive: true });
  });

  async function start(tokens: { operateToken?: string } = {}): Promise<void> {
    ops = await new ApiApp().start({ operateToken: tokens.operateToken ?? null, readToken: null, tokenList: path });
    url = await ops.url();
  }

  async function statusWith(token: string, method: 'get' | 'post' = 'get'): Promise<number> {
    const route = method === 'get' ? '/queues' : '/queue/pause';
    return (await request(url)[method](route).auth(token, { type: 'bearer' })).status;
  }

  async function listIsValid(): Promise<boolean> {
    return (await ops.metrics.registry.metrics()).includes('token_deployer_ops_token_list_valid 1');
  }

  function errors(): Record<string, unknown>[] {
    return ops.lines
      .filter((text) => text.includes('"level":"error"'))
      .map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  it('admits its tokens for what they may do, beside those of the environment, and names them in the audit', async () => {
    await writeFile(path, line('alice', 'token-of-alice') + line('bob', 'token-of-bob', { scope: 'read' }));
    await start({ operateToken: 'token-of-the-environment' });
    expect(await statusWith('token-of-alice', 'post')).toBe(200);
    expect(ops.queue.pauses.map(({ action }) => action.actor)).toEqual(['alice']);
    expect(await statusWith('token-of-bob')).toBe(200);
    expect(await statusWith('token-of-bob', 'post')).toBe(403);
    expect(await statusWith('token-of-the-environment', 'post')).toBe(200);
    expect(await statusWith('unknown-token')).toBe(401);
    expect(ops.lines.join('')).not.toContain('token-of-alice');
  });

  it('admits no token after its expiry, and no digest in place of a token', async () => {
    await writeFile(path, line('old', 'token-of-old', { expiry: '2026-01-01' }) + line('new', 'token-of-new'));
    await start();
    expect(await statusWith('token-of-old')).toBe(401);
    expect(await statusWith(createHash('sha256').update('token-of-new').digest('hex'))).toBe(401);
    expect(await statusWith('token-of-new')).toBe(200);
  });

  it.each([
    ['written anew in its place', async (text: string) => await writeFile(path, text)],
    [
      'replaced by another file',
      async (text: string) => {
        await writeFile(`${path}.new`, text);
        await rename(`${path}.new`, path);
      },
    ],
    [
      'taken away and put there again',
      async (text: string) => {
        await unlink(path);
        await until('the loss to be noticed', async () => !(await listIsValid()));
        await writeFile(path, text);
      },
    ],
  ])('is read again when it is %s', async (_how, replace) => {
    await writeFile(path, line('alice', 'token-of-alice'));
    await start();
    await replace(line('bob', 'token-of-bob'));
    await until('the new token', async () => (await statusWith('token-of-bob')) === 200);
    expect(await statusWith('token-of-alice')).toBe(401);
    expect(await listIsValid()).toBe(true);
  });

  it('is read again when Kubernetes swaps the links of a volume', async () => {
    for (const [version, text] of Object.entries({
      one: line('alice', 'token-of-alice'),
      two: line('bob', 'token-of-bob'),
    })) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'tokens'), text);
    }
    await symlink('one', join(folder, '..data'));
    await symlink(join('..data', 'tokens'), path);
    await start();
    expect(await statusWith('token-of-alice')).toBe(200);
    await symlink('two', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    await rm(join(folder, 'one'), { recursive: true });
    await until('the new token', async () => (await statusWith('token-of-bob')) === 200);
    expect(await statusWith('token-of-alice')).toBe(401);
  });

  it.each([
    ['empty', ''],
    ['half written', line('alice', 'token-of-alice') + line('bob', 'token-of-bob').slice(0, -20)],
    ['something else', '{"tokens": []}\n'],
  ])(
    'stays as it was read last when it is %s, and says so once in the log and for as long in the metrics',
    async (_what, text) => {
      await writeFile(path, line('alice', 'token-of-alice'));
      await start();
      await writeFile(path, text);
      await until('the complaint', async () => !(await listIsValid()));
      expect(await statusWith('token-of-alice')).toBe(200);
      expect(await statusWith('token-of-bob')).toBe(401);
      expect(errors()).toMatchObject([{ message: expect.stringContaining('invalid token list') as string, kept: 1 }]);
      await writeFile(path, line('alice', 'token-of-alice') + line('bob', 'token-of-bob'));
      await until('the new token', async () => (await statusWith('token-of-bob')) === 200);
      expect(await listIsValid()).toBe(true);
    },
  );

  it('may be missing at the start: the API is off until it is there', async () => {
    await start();
    expect(await statusWith('token-of-alice')).toBe(503);
    expect(errors()).toMatchObject([{ expectation: 'the file must be readable', kept: 0 }]);
    await writeFile(path, line('alice', 'token-of-alice'));
    await until('the token', async () => (await statusWith('token-of-alice')) === 200);
  });
});
