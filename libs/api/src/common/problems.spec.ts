import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HoldError } from '#core';
import { OPERATE_TOKEN, ApiApp, READ_TOKEN } from '../../../../test/support/http/api-app.js';

/** Status and code of an answer that is a problem in every respect. */
function problemIn(response: request.Response): string {
  expect(response.type).toBe('application/problem+json');
  expect(response.body).toMatchObject({
    status: response.status,
    title: expect.any(String) as string,
    request_id: response.headers['x-request-id'],
  });
  expect(response.text).not.toMatch(/stack|node_modules|\.ts|canary/i);
  const { type } = response.body as { type: string };
  return `${response.status} ${type.replace('urn:token-deployer:problem:', '')}`;
}

function redisDown(): never {
  throw new HoldError('redis_unavailable', 'connect ECONNREFUSED canary');
}

let ops: ApiApp;
let url: string;

async function start(): Promise<void> {
  ops = await new ApiApp().start();
  ops.state.markReady();
  url = await ops.url();
}

async function stop(): Promise<void> {
  await ops.stop();
}

function get(path: string) {
  return request(url).get(path).auth(OPERATE_TOKEN, { type: 'bearer' });
}

function post(path: string) {
  return request(url).post(path).auth(OPERATE_TOKEN, { type: 'bearer' });
}

describe('problems of requests that change nothing', () => {
  beforeAll(start);
  afterAll(stop);

  it('404 for a path that is not there, without repeating it', async () => {
    expect(problemIn(await get('/canary'))).toBe('404 not-found');
    expect(problemIn(await get('/dlq/canary'))).toBe('404 not-found');
    expect(problemIn(await get('/deployments/canary'))).toBe('404 not-found');
    expect(problemIn(await post('/dlq/canary/replay'))).toBe('404 not-found');
  });

  it('405 for a method that the path does not have', async () => {
    const wrong = await request(url).delete('/dlq');
    expect(problemIn(wrong)).toBe('405 method-not-allowed');
    expect(wrong.headers['allow']).toBe('GET, HEAD');
    expect((await request(url).put('/dlq/a')).headers['allow']).toContain('DELETE');
    const read = await request(url).put('/dlq/a/replay');
    expect(problemIn(read)).toBe('405 method-not-allowed');
    expect(read.headers['allow']).toBe('POST');
    expect(problemIn(await request(url).post('/health/live'))).toBe('405 method-not-allowed');
  });

  it('400 for a key that stands twice, and names it', async () => {
    const json = post('/queue/pause').set('content-type', 'application/json');
    const answer = await json.send('{"ttl_seconds":60,"note":"a","ttl_seconds":600}');
    expect(problemIn(answer)).toBe('400 malformed-request');
    expect(answer.body).toMatchObject({ detail: 'the JSON object has the key ttl_seconds twice' });
    expect(ops.queue.pauses).toEqual([]);
  });

  it('400 for what is not JSON or not an object', async () => {
    const json = post('/dlq/replay').set('content-type', 'application/json');
    expect(problemIn(await json.send('{"canary":'))).toBe('400 malformed-request');
    // A list would reach the handler without any of its fields, and no field means all dead letters.
    for (const list of [[], [{}], [{ ids: ['a'] }]]) {
      expect(problemIn(await post('/dlq/replay').send(list))).toBe('400 invalid-request');
    }
    expect(problemIn(await post('/dlq/replay').set('content-type', 'application/json').send('1'))).toBe(
      '400 malformed-request',
    );
  });

  it('400 for a path that cannot be decoded', async () => {
    expect(problemIn(await get('/deployments/%E0%A4%A'))).toBe('400 malformed-request');
  });

  it.each([
    ['limit=0'],
    ['limit=1001'],
    ['limit=12abc'],
    ['limit='],
    ['limit=1&limit=2'],
    ['cursor=%0a'],
    ['cursor=foreign'],
    ['unknown=1'],
    ['model_id=a&model_id=b'],
    ['failed_before=yesterday'],
    ['failed_after=2026-13-01'],
    [`reason=${'x'.repeat(101)}`],
  ])('400 naming the field for GET /dlq?%s', async (query) => {
    const response = await get(`/dlq?${query}`);
    expect(problemIn(response)).toBe('400 invalid-request');
    const { errors } = response.body as { errors: { field: string; expectations: string[] }[] };
    expect(errors.map((error) => error.field)).toEqual([query.split('=')[0]]);
    expect(errors[0]?.expectations.length).toBeGreaterThan(0);
  });

  it('400 for a state of deployments that does not exist', async () => {
    expect(problemIn(await get('/deployments?state=canary'))).toBe('400 invalid-request');
  });

  it.each([
    [{ limit: 0 }, 'limit'],
    [{ limit: '5' }, 'limit'],
    [{ ids: 'a' }, 'ids'],
    [{ ids: [] }, 'ids'],
    [{ ids: [1] }, 'ids'],
    [{ filter: 'all' }, 'filter'],
    [{ filter: { reason: 1 } }, 'filter.reason'],
    [{ filter: { canary: 1 } }, 'filter.canary'],
    [{ dry_run: 'yes' }, 'dry_run'],
    [{ note: 5 }, 'note'],
    [{ dryRun: true }, 'dryRun'],
    [{ max_per_second: 1001 }, 'max_per_second'],
  ])('400 for the replay %j', async (body, field) => {
    const response = await post('/dlq/replay').send(body);
    expect(response.status).toBe(400);
    expect((response.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
    expect(ops.deadLetters.replayed).toEqual([]);
  });

  it('400 for ids together with a filter', async () => {
    expect(problemIn(await post('/dlq/replay').send({ ids: ['a'], filter: {} }))).toBe('400 invalid-request');
  });

  it('413 for a body over 64 KiB', async () => {
    expect(problemIn(await post('/dlq/replay').send({ note: 'x'.repeat(65_536) }))).toBe('413 payload-too-large');
  });

  it('415 for a body that is not JSON', async () => {
    const form = post('/dlq/replay').set('content-type', 'application/x-www-form-urlencoded');
    expect(problemIn(await form.send('dry_run=true'))).toBe('415 unsupported-media-type');
    expect(problemIn(await post('/dlq/replay').set('content-type', 'text/plain').send('{}'))).toBe(
      '415 unsupported-media-type',
    );
    const encoded = post('/dlq/replay').set('content-type', 'application/json; charset=canary');
    expect(problemIn(await encoded.send('{}'))).toBe('415 unsupported-media-type');
    expect(ops.deadLetters.replayed).toEqual([]);
  });
});

describe('problems', () => {
  beforeEach(start);
  afterEach(stop);

  it('503 when a dependency does not answer, without its words', async () => {
    ops.queue.before = redisDown;
    ops.deadLetters.before = redisDown;
    ops.jobs.before = redisDown;
    for (const path of ['/queues', '/dlq', '/dlq/a', '/deployments', '/deployments/m']) {
      expect(problemIn(await get(path))).toBe('503 dependency-unavailable');
    }
    for (const path of ['/queue/pause', '/queue/resume', '/dlq/replay', '/dlq/a/replay']) {
      expect(problemIn(await post(path))).toBe('503 dependency-unavailable');
    }
  });

  it('answers 500 to an unexpected error and logs it under the same request id, without the token', async () => {
    ops.deadLetters.before = () => {
      throw new Error(`canary ${OPERATE_TOKEN}`);
    };
    const response = await get('/dlq').set('x-request-id', 'my-request.1');
    expect(problemIn(response)).toBe('500 internal-error');
    const line = JSON.parse(ops.lines.find((text) => text.includes('request failed')) ?? '{}') as object;
    expect(line).toMatchObject({ request_id: 'my-request.1', route: '/dlq', method: 'GET', level: 'error' });
    expect(ops.lines.join('')).not.toContain(OPERATE_TOKEN);
  });

  it('keeps a request id that is plain and replaces any other', async () => {
    const kept = await get('/queues').set('x-request-id', 'abc-1.2_3');
    expect(kept.headers['x-request-id']).toBe('abc-1.2_3');
    for (const bad of ['a b', 'x'.repeat(65), '<script>', 'ü']) {
      const replaced = await get('/queues').set('x-request-id', encodeURI(bad));
      expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('has the request id in log lines, after the body was read too', async () => {
    await post('/queue/pause').set('x-request-id', 'with-body').send({ note: 'maintenance' }).expect(200);
    const line = JSON.parse(ops.lines.find((text) => text.includes('queue paused')) ?? '{}') as object;
    expect(line).toMatchObject({ request_id: 'with-body', actor: 'operate', note: 'maintenance' });
  });

  it('sends the security headers with every answer and does not say what it runs on', async () => {
    for (const response of [await get('/queues'), await get('/nowhere'), await request(url).get('/health/live')]) {
      expect(response.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(response.headers).not.toHaveProperty('x-powered-by');
      expect(response.headers).not.toHaveProperty('etag');
    }
  });

  it('measures requests by route template, never by path', async () => {
    await get('/deployments/canary-model');
    await get('/canary-path');
    await request(url).delete('/dlq');
    await request(url).post('/dlq/replay').auth(READ_TOKEN, { type: 'bearer' });
    const { text } = await get('/metrics');
    const count = 'token_deployer_http_request_duration_seconds_count';
    expect(text).toContain(`${count}{method="GET",route="/deployments/:modelId",status_code="404"} 1`);
    expect(text).toContain(`${count}{method="other",route="unknown",status_code="404"} 1`);
    expect(text).toContain(`${count}{method="other",route="/dlq",status_code="405"} 1`);
    expect(text).toContain(`${count}{method="POST",route="/dlq/replay",status_code="403"} 1`);
    expect(text).not.toContain('canary');
  });
});
