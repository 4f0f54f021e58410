import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiApp, OPERATE_TOKEN, READ_TOKEN } from '../../../../test/support/http/api-app.js';

/** What needs no token: the probes, the page that asks for one, and the schemas. */
const OPEN = new Set([
  '/health/live',
  '/health/ready',
  '/health',
  '/metrics',
  '/console',
  '/console/:file',
  '/schemas/:file',
]);
const EXPIRED_TOKEN = 'expired-canary-0123456789';
/** Responses that refuse access. */
const ADMISSION = /: (401|403|429|503)/;
const IS_GET = /^get /;
const MINUTE_MS = 60_001;

/** Status and code of every route of the router for one token, under method and path. */
async function walk(ops: ApiApp, token: string | null): Promise<ReadonlyMap<string, string>> {
  const url = await ops.url();
  const answers = new Map<string, string>();
  for (const { method, path } of ops.routes) {
    // Wrong tokens are throttled by the minute.
    vi.advanceTimersByTime(MINUTE_MS);
    const asked = request(url)[method](path.replaceAll(/:\w+/g, 'some'));
    const response = await (token === null ? asked : asked.auth(token, { type: 'bearer' }));
    const { type } = response.body as { type?: string };
    answers.set(
      `${method} ${path}`,
      [response.status, ...(type === undefined ? [] : [type.split(':').at(-1)])].join(' '),
    );
  }
  return answers;
}

function closed(answers: ReadonlyMap<string, string>): readonly (readonly [route: string, answer: string])[] {
  return [...answers].filter(([route]) => !OPEN.has(route.split(' ')[1] ?? ''));
}

describe('every route of the router', () => {
  let ops: ApiApp;
  let folder: string;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    folder = await mkdtemp(join(tmpdir(), 'ops-walk-'));
    const digest = createHash('sha256').update(EXPIRED_TOKEN).digest('hex');
    await writeFile(join(folder, 'tokens'), `former operate 2026-01-01 ${digest}\n`);
    const tokens = { operateToken: OPERATE_TOKEN, readToken: READ_TOKEN, tokenList: join(folder, 'tokens') };
    ops = await new ApiApp().start(tokens);
    ops.state.markReady();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await ops.stop();
    await rm(folder, { recursive: true });
  });

  it('is closed, or stands in a list of a few that are not', async () => {
    const paths = ops.routes.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(20);
    expect(paths).toEqual(expect.arrayContaining([...OPEN]));
  });

  it.each([
    ['without a token', null],
    ['with a wrong token', 'wrong-canary-0123456789'],
    ['with an expired token', EXPIRED_TOKEN],
  ])('is refused %s', async (_what, token) => {
    for (const [route, answer] of closed(await walk(ops, token))) {
      expect(`${route}: ${answer}`).toBe(`${route}: 401 unauthorized`);
    }
  });

  it('that is a GET admits the token that may read, any other only one whose scope includes it', async () => {
    const forReaders = closed(await walk(ops, READ_TOKEN));
    for (const [route, answer] of forReaders.filter(([name]) => IS_GET.test(name))) {
      expect(`${route}: ${answer}`).not.toMatch(ADMISSION);
    }
    for (const [route, answer] of forReaders.filter(([name]) => !IS_GET.test(name))) {
      expect(`${route}: ${answer}`).toBe(`${route}: 403 forbidden`);
    }
    const forOperators = new Map(closed(await walk(ops, OPERATE_TOKEN)));
    for (const route of ['put /policy', 'post /policy/circuit/close']) {
      expect(forOperators.get(route)).toBe('403 forbidden');
      forOperators.delete(route);
    }
    for (const [route, answer] of forOperators) expect(`${route}: ${answer}`).not.toMatch(ADMISSION);
  });

  it('but for those few is off without any token configured', async () => {
    const off = await new ApiApp().start({ operateToken: null, readToken: null });
    const answers = closed(await walk(off, OPERATE_TOKEN));
    await off.stop();
    expect(new Set(answers.map(([, answer]) => answer))).toEqual(new Set(['503 ops-api-disabled']));
  });
});
