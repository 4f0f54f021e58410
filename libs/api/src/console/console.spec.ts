import { readdirSync, readFileSync } from 'node:fs';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { JOB_STATES } from '#core';
import { OPERATE_TOKEN, ApiApp, READ_TOKEN } from '../../../../test/support/http/api-app.js';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

const FILES = readdirSync(new URL('../../../../apps/console/', import.meta.url)).filter((name) =>
  /\.(html|css|js|svg)$/.test(name),
);

describe('the console', () => {
  const ops = new ApiApp();
  afterEach(() => ops.stop());

  async function get(path: string, token?: string) {
    const asked = request(await ops.url()).get(path);
    return await (token === undefined ? asked : asked.auth(token, { type: 'bearer' }));
  }

  it('serves the page without a token, under a policy that allows no other origin', async () => {
    await ops.start();
    const page = await get('/console');
    expect(page.status).toBe(200);
    expect(page.type).toBe('text/html');
    expect(page.headers).toMatchObject({
      'content-security-policy': POLICY,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it('has every file that it names, each of its own type', async () => {
    await ops.start();
    expect(FILES.length).toBeGreaterThan(10);
    const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
    for (const name of FILES) {
      const file = await get(`/console/${name}`);
      expect(file.status).toBe(200);
      expect(file.type).toBe(types[name.slice(name.lastIndexOf('.') + 1) as keyof typeof types]);
      expect(file.headers['content-security-policy']).toBe(POLICY);
      const text = readFileSync(new URL(`../../../../apps/console/${name}`, import.meta.url), 'utf8');
      const named = [...text.matchAll(/(?:from '\.\/|(?:src|href)="console\/)([\w.-]+)['"]/g)].map(
        ([, target]) => target,
      );
      expect(FILES).toEqual(expect.arrayContaining(named));
      // What the policy would stop in a browser.
      expect(text).not.toMatch(/<style|<script>|\sstyle=|\son\w+="|innerHTML|outerHTML|insertAdjacentHTML|eval\(/);
      expect(text).not.toMatch(/(?:from|import\(|src=|href=|url\()\s*['"]?(?:https?:)?\/\//);
    }
  });

  it.each([
    '/console/nothing.js',
    '/console/..%2fconsole.controller.js',
    '/console/rates.spec.ts',
    '/console/tsconfig.json',
  ])('has no %s', async (path) => {
    await ops.start();
    expect((await get(path)).status).toBe(404);
  });

  it('offers every state that a deployment may have', async () => {
    await ops.start();
    const options = [...(await get('/console')).text.matchAll(/<option>(\w+)<\/option>/g)].map(([, state]) => state);
    expect(options).toEqual([...JOB_STATES]);
  });

  it('leads from a slash at its end to itself', async () => {
    await ops.start();
    const answer = await get('/console/');
    expect(answer.status).toBe(308);
    expect(answer.headers['location']).toBe('../console');
  });

  it('tells an operator the scope of the token', async () => {
    await ops.start();
    expect((await get('/console/session')).status).toBe(401);
    expect((await get('/console/session', READ_TOKEN)).body).toMatchObject({ scope: 'read' });
    expect((await get('/console/session', OPERATE_TOKEN)).body).toEqual({
      actor: 'operate',
      scope: 'operate',
      service: 'token-deployer',
      version: '1.2.3',
      chain_id: 31_337,
      network: 'local',
      explorer_url: 'https://explorer.example',
    });
  });

  it('says that the operator API is off', async () => {
    await ops.start({ operateToken: null, readToken: null });
    const page = await get('/console');
    expect(page.status).toBe(503);
    expect(page.type).toBe('text/html');
    expect(page.headers['content-security-policy']).toBe(POLICY);
    expect(page.text).toContain('OPS_API_TOKEN');
    expect((await get('/console/session', OPERATE_TOKEN)).status).toBe(503);
  });

  it('names the same replica in every answer', async () => {
    await ops.start();
    const ids = [await get('/console'), await get('/metrics'), await get('/nowhere')].map(
      ({ headers }) => (headers as Record<string, string>)['x-replica-id'],
    );
    expect(ids[0]).toMatch(/^[\da-f]{8}$/);
    expect(new Set(ids).size).toBe(1);
  });
});
