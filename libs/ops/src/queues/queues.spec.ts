import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPERATE_TOKEN, OpsApp } from '../../../../test/support/ops-app.js';

describe('queues', () => {
  let ops: OpsApp;
  let url: string;
  beforeEach(async () => {
    ops = await new OpsApp().start();
    url = await ops.url();
  });
  afterEach(async () => {
    await ops.stop();
  });

  async function call(method: 'get' | 'post', path: string): Promise<unknown> {
    const response = await request(url)[method](path).auth(OPERATE_TOKEN, { type: 'bearer' }).expect(200);
    return response.body as unknown;
  }

  it('shows depth and oldest age of every list', async () => {
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
    });
  });

  it('pauses and resumes', async () => {
    expect(await call('post', '/queue/pause')).toEqual({ paused: true });
    expect(await call('get', '/queues')).toMatchObject({ paused: true });
    expect(await call('post', '/queue/resume')).toEqual({ paused: false });
    expect(ops.queue.paused).toBe(false);
  });
});
