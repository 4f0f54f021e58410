import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPERATE_TOKEN, ApiApp } from '../../../../test/support/http/api-app.js';

describe('queues', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
  });
  afterEach(async () => {
    await ops.stop();
  });

  async function call(method: 'get' | 'post', path: string): Promise<unknown> {
    const response = await request(url)[method](path).auth(OPERATE_TOKEN, { type: 'bearer' }).expect(200);
    return response.body as unknown;
  }

  const pause = (body: object) => request(url).post('/queue/pause').auth(OPERATE_TOKEN, { type: 'bearer' }).send(body);

  it('shows depth and oldest age of every list', async () => {
    ops.queue.holdersNow = [{ worker: 'pod-1:0a1b2c3d', messages: 3, leaseLeftMs: 12_500 }];
    ops.queue.depthsNow = {
      main: { messages: 4, oldestAgeMs: 1500 },
      processing: { messages: 3, oldestAgeMs: 250 },
      delayed: { messages: 2, oldestAgeMs: null },
      deadLetter: { messages: 1, oldestAgeMs: 86_400_000 },
    };
    expect(await call('get', '/queues')).toEqual({
      paused: false,
      queues: {
        main_queue: { messages: 4, oldest_age_seconds: 1.5 },
        processing: { messages: 3, oldest_age_seconds: 0.25 },
        delayed: { messages: 2, oldest_age_seconds: null },
        dead_letter: { messages: 1, oldest_age_seconds: 86_400 },
      },
      workers: [{ worker: 'pod-1:0a1b2c3d', in_flight: 3, lease_left_seconds: 12.5 }],
    });
  });

  it('pauses and resumes', async () => {
    expect(await call('post', '/queue/pause')).toMatchObject({
      paused: true,
      ttl_seconds: null,
      detail: expect.stringContaining('has no end') as string,
    });
    expect(await call('get', '/queues')).toMatchObject({ paused: true });
    expect(await call('post', '/queue/resume')).toEqual({ paused: false });
    expect(ops.queue.paused).toBe(false);
  });

  it('pauses for a time, and says who does it and why', async () => {
    const response = await request(url)
      .post('/queue/pause')
      .auth(OPERATE_TOKEN, { type: 'bearer' })
      .set('x-request-id', 'r-1')
      .send({ note: 'upgrade', ttl_seconds: 90 });
    expect(response.body).toEqual({
      paused: true,
      ttl_seconds: 90,
      detail: 'the pause ends by itself after 90 seconds',
    });
    const action = { actor: 'operate', requestId: 'r-1', note: 'upgrade' };
    expect(ops.queue.pauses).toEqual([{ action, ttlMs: 90_000 }]);
    await request(url).post('/queue/resume').auth(OPERATE_TOKEN, { type: 'bearer' }).send({ note: 'done' });
    expect(ops.queue.resumes).toMatchObject([{ note: 'done' }]);
  });

  it('accepts no note while those of an hour take too many bytes, and pauses without one', async () => {
    ops.audit.bytes = 64 * 1024 * 1024;
    const refused = await pause({ note: 'why' }).expect(429);
    expect(refused.body).toMatchObject({
      type: 'urn:token-deployer:problem:rate-limited',
      detail: expect.stringContaining('without a note') as string,
    });
    expect(refused.headers['retry-after']).toBe('60');
    expect(ops.queue.pauses).toEqual([]);
    await pause({}).expect(200);
    ops.audit.bytes -= 1;
    await pause({ note: 'why' }).expect(200);
  });

  it('accepts no new idempotency key while the answers of the hour take too many bytes', async () => {
    ops.keys.waitMs = 90_500;
    const refused = await pause({}).set('idempotency-key', 'k').expect(429);
    expect(refused.headers['retry-after']).toBe('91');
    expect(ops.queue.pauses).toEqual([]);
    ops.keys.waitMs = 0;
    await pause({}).set('idempotency-key', 'k').expect(200);
  });
});
