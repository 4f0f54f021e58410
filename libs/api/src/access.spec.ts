import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aDeadLetter } from '../../../test/support/fixtures/dead-letter.fixture.js';
import { aDeploymentJob } from '../../../test/support/fixtures/deployment-job.fixture.js';
import { Deferred } from '../../../test/support/deferred.js';
import { until } from '../../../test/support/until.js';
import { LANE, OPERATE_TOKEN, ApiApp, READ_TOKEN } from '../../../test/support/http/api-app.js';

const OPEN = ['/health/live', '/health/ready', '/health', '/metrics'];
const READ = ['/audit', '/queues', '/deployments', '/deployments/m-1', '/dlq', '/dlq/a'];
const OPERATE = ['/dlq/replay', '/dlq/a/replay', '/queue/pause', '/queue/resume', `/lanes/${LANE}/free`];
const CLOSED = [...READ.map((path) => ['get', path] as const), ...OPERATE.map((path) => ['post', path] as const)];

async function startApi(): Promise<ApiApp> {
  const ops = await new ApiApp().start();
  ops.state.markReady();
  ops.deadLetters.entries = [aDeadLetter('a')];
  ops.jobs.jobs = [aDeploymentJob('m-1')];
  return ops;
}

describe('access that changes nothing', () => {
  let ops: ApiApp;
  let url: string;
  beforeAll(async () => {
    ops = await startApi();
    url = await ops.url();
  });
  afterAll(() => ops.stop());

  it.each(OPEN)('GET %s is open', async (path) => {
    expect((await request(url).get(path)).status).toBe(200);
    expect((await request(url).get(path).auth('wrong-token-000000', { type: 'bearer' })).status).toBe(200);
  });

  it.each(CLOSED)('%s %s asks for a token', async (method, path) => {
    const response = await request(url)[method](path);
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="token-deployer"');
    expect(response.body).toMatchObject({ type: 'urn:token-deployer:problem:unauthorized', status: 401 });
  });

  it.each(READ)('GET %s admits both tokens', async (path) => {
    expect((await request(url).get(path).auth(READ_TOKEN, { type: 'bearer' })).status).toBe(200);
    expect((await request(url).get(path).auth(OPERATE_TOKEN, { type: 'bearer' })).status).toBe(200);
  });

  it.each(['Basic b3BlcmF0ZTpjYW5hcnk=', OPERATE_TOKEN, 'Bearer', `Bearer ${OPERATE_TOKEN} ${OPERATE_TOKEN}`])(
    'refuses the header %j',
    async (authorization) => {
      expect((await request(url).get('/dlq').set('authorization', authorization)).status).toBe(401);
    },
  );
});

describe('access', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await startApi();
    url = await ops.url();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await ops.stop();
  });

  it.each(CLOSED)('%s %s refuses a wrong token', async (method, path) => {
    const response = await request(url)[method](path).auth(`${OPERATE_TOKEN}x`, { type: 'bearer' });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="token-deployer", error="invalid_token"');
  });

  it.each(OPERATE)('POST %s admits only the token that may operate', async (path) => {
    const refused = await request(url).post(path).auth(READ_TOKEN, { type: 'bearer' });
    expect(refused.status).toBe(403);
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope", scope="operate"');
    expect(refused.body).toMatchObject({ type: 'urn:token-deployer:problem:forbidden' });
    expect(ops.deadLetters.replayed).toEqual([]);
    expect(ops.queue.paused).toBe(false);
    await request(url).post(path).auth(OPERATE_TOKEN, { type: 'bearer' }).expect(200);
  });

  it('throttles wrong tokens of an address, but no valid one, no probe and no scrape, and forgets after a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    for (let attempt = 0; attempt < 10; attempt++) {
      await request(url).get('/dlq').auth('wrong-token-000000', { type: 'bearer' }).expect(401);
    }
    await request(url).get('/dlq').auth(OPERATE_TOKEN, { type: 'bearer' }).expect(200);
    const throttled = await request(url).get('/dlq').auth('wrong-token-000000', { type: 'bearer' });
    expect(throttled.status).toBe(429);
    expect(Number(throttled.headers['retry-after'])).toBeGreaterThan(50);
    expect(throttled.body).toMatchObject({ type: 'urn:token-deployer:problem:too-many-failures' });
    for (const path of OPEN) await request(url).get(path).expect(200);
    vi.advanceTimersByTime(60_001);
    await request(url).get('/dlq').auth('wrong-token-000000', { type: 'bearer' }).expect(401);
  });

  it('does not count requests without a token as attempts', async () => {
    for (let attempt = 0; attempt < 12; attempt++) await request(url).get('/dlq').expect(401);
    expect((await request(url).get('/dlq').auth(READ_TOKEN, { type: 'bearer' })).status).toBe(200);
  });

  it('logs refusals, what operators change, and at level debug all else, with request and replica', async () => {
    const { headers } = await request(url).get('/dlq').set('x-request-id', 'r-401').expect(401);
    await request(url).post('/queue/pause').auth(READ_TOKEN, { type: 'bearer' }).expect(403);
    await request(url).post('/queue/pause').auth(OPERATE_TOKEN, { type: 'bearer' }).expect(200);
    await request(url).get('/dlq').auth(READ_TOKEN, { type: 'bearer' }).expect(200);
    const lines = await until('the last line', () => {
      const all = ops.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      return all.some(({ event, status_code }) => event === 'http.request' && status_code === 200) ? all : null;
    });
    const replica = headers['x-replica-id'] as unknown;
    const at = { logger: 'BearerGuard', level: 'warning', event: 'http.access_refused', replica };
    const refused = lines.filter(({ event }) => event === 'http.access_refused');
    expect(refused).toMatchObject([
      { ...at, request_id: 'r-401', status: 401, method: 'GET', path: '/dlq', address: '127.0.0.1' },
      { ...at, status: 403, method: 'POST', path: '/queue/pause', actor: 'read' },
    ]);
    const operated = {
      level: 'info',
      method: 'POST',
      route: '/queue/pause',
      status_code: 200,
      actor: 'operate',
      replica,
    };
    expect(lines.filter(({ event }) => event === 'http.operator_request')).toMatchObject([operated]);
    const read = { level: 'debug', route: '/dlq', status_code: 200, actor: 'read', replica };
    expect(lines.findLast(({ event }) => event === 'http.request')).toMatchObject(read);
  });

  it('counts refusals', async () => {
    await request(url).get('/dlq').expect(401);
    await request(url).post('/dlq/replay').auth(READ_TOKEN, { type: 'bearer' }).expect(403);
    const { text } = await request(url).get('/metrics');
    expect(text).toContain('token_deployer_http_auth_failures_total 2');
  });
});

describe('the address of a client', () => {
  let ops: ApiApp;
  afterEach(async () => await ops.stop());

  const addressSeen = async (trustedProxies: readonly string[]): Promise<unknown> => {
    ops = await new ApiApp({ trustedProxies }).start();
    await request(await ops.url())
      .get('/dlq')
      .set('x-forwarded-for', '203.0.113.7')
      .expect(401);
    const refusal = await until('the refusal', () => ops.lines.find((line) => line.includes('http.access_refused')));
    return (JSON.parse(refusal) as { address: string }).address;
  };

  it('is the one that a trusted proxy names', async () => {
    expect(await addressSeen(['127.0.0.0/8'])).toBe('203.0.113.7');
  });

  it('is the one of the connection when its proxy is not trusted', async () => {
    expect(await addressSeen([])).toBe('127.0.0.1');
    await ops.stop();
    expect(await addressSeen(['10.0.0.0/8'])).toBe('127.0.0.1');
  });

  it('has 256 requests in service at most, before any token is read, and always a probe', async () => {
    ops = await new ApiApp().start();
    const url = await ops.url();
    const gate = new Deferred();
    const { depths } = ops.queue;
    ops.queue.depths = async () => {
      await gate.promise;
      return await depths.call(ops.queue);
    };
    const queues = async (): Promise<number> =>
      (await request(url).get('/queues').auth(READ_TOKEN, { type: 'bearer' })).status;
    const waiting = Array.from({ length: 256 }, async () => await queues());
    const refused = await until('a refusal', async () => {
      const response = await request(url).get('/metrics');
      return response.status === 429 && response;
    });
    expect(refused.body).toMatchObject({ type: 'urn:token-deployer:problem:too-many-requests' });
    expect(refused.headers['retry-after']).toBe('1');
    await request(url).get('/health/live').expect(200);
    gate.resolve();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([200]));
    await request(url).get('/metrics').expect(200);
  });
});

describe('without any token configured', () => {
  let ops: ApiApp;
  let url: string;
  beforeAll(async () => {
    ops = await new ApiApp().start({ operateToken: null, readToken: null });
    ops.state.markReady();
    url = await ops.url();
  });
  afterAll(async () => {
    await ops.stop();
  });

  it.each(CLOSED)('%s %s is off', async (method, path) => {
    const response = await request(url)[method](path).auth(OPERATE_TOKEN, { type: 'bearer' });
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ type: 'urn:token-deployer:problem:ops-api-disabled' });
  });

  it.each(OPEN)('GET %s is open', async (path) => {
    expect((await request(url).get(path)).status).toBe(200);
  });
});
