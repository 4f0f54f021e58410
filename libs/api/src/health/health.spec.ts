import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EMPTY } from '../../../../test/support/fakes/fake-message-queue.js';
import { hurryTimers } from '../../../../test/support/hurry-timers.js';
import { ApiApp, LANE } from '../../../../test/support/http/api-app.js';

describe('health', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await ops.stop();
  });

  function everythingDown(): void {
    ops.redis.answer = () => ({ status: 'down', detail: 'no connection' });
    ops.rpc.answer = () => ({ status: 'down', detail: 'no endpoint' });
    ops.queue.before = () => {
      throw new Error('canary');
    };
  }

  describe('GET /health/live', () => {
    it('stays 200 while starting, held, draining and with all dependencies down, and calls none of them', async () => {
      everythingDown();
      ops.holds.set('rpc_unavailable', 'no endpoint answers');
      await request(url).get('/health/live').expect(200, { status: 'alive' });
      ops.state.markDraining();
      await request(url).get('/health/live').expect(200);
      expect(ops.redis.checks + ops.rpc.checks).toBe(0);
    });

    it('is 503 when the worker loop has not turned for more than 120 s', async () => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] });
      ops.state.heartbeat();
      vi.advanceTimersByTime(120_000);
      await request(url).get('/health/live').expect(200);
      vi.advanceTimersByTime(1);
      const stalled = await request(url).get('/health/live').expect(503);
      expect(stalled.body).toMatchObject({ type: 'urn:token-deployer:problem:worker-loop-stalled' });
    });
  });

  describe('GET /health/ready', () => {
    it('is 503 before the boot is over and as soon as draining begins', async () => {
      const starting = await request(url).get('/health/ready').expect(503);
      expect(starting.body).toMatchObject({
        type: 'urn:token-deployer:problem:not-ready',
        components: { service: { status: 'down', detail: 'starting' } },
      });
      ops.state.markReady();
      await request(url).get('/health/ready').expect(200);
      ops.state.markDraining();
      const draining = await request(url).get('/health/ready').expect(503);
      expect(draining.body).toMatchObject({ components: { service: { detail: 'draining' } } });
    });

    it('is 200 with every component when all is well', async () => {
      ops.state.markReady();
      const response = await request(url).get('/health/ready').expect(200);
      expect(response.body).toEqual({
        status: 'ready',
        components: {
          service: { status: 'up', detail: 'ready' },
          worker: { status: 'up' },
          redis: { status: 'up' },
          rpc: { status: 'up' },
        },
      });
    });

    it('is 503 while a required dependency is down', async () => {
      ops.state.markReady();
      everythingDown();
      const response = await request(url).get('/health/ready').expect(503);
      expect(response.type).toBe('application/problem+json');
      expect(response.body).toMatchObject({
        components: { redis: { status: 'down' }, rpc: { status: 'degraded', detail: 'no endpoint' } },
      });
    });

    it('is only degraded by the chain and by holds', async () => {
      ops.state.markReady();
      ops.rpc.answer = () => Promise.reject(new Error('https://rpc.example/canary'));
      ops.holds.set('insufficient_funds', 'the wallet is empty');
      const response = await request(url).get('/health/ready').expect(200);
      expect(response.body).toMatchObject({
        status: 'degraded',
        components: {
          rpc: { status: 'degraded', detail: 'no answer' },
          worker: { status: 'degraded', detail: 'held: insufficient_funds' },
        },
      });
      expect(response.text).not.toContain('canary');
    });

    it('asks a dependency at most every five seconds', async () => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] });
      ops.state.markReady();
      await Promise.all([1, 2, 3].map(() => request(url).get('/health/ready').expect(200)));
      expect(ops.redis.checks).toBe(1);
      vi.setSystemTime(Date.now() - 3_600_000);
      vi.advanceTimersByTime(5000);
      await request(url).get('/health/ready').expect(200);
      expect(ops.redis.checks).toBe(2);
    });
  });

  describe('GET /health', () => {
    it("has the guide's body, components and holds", async () => {
      ops.state.markReady();
      ops.queue.depthsNow = {
        main: { messages: 4, oldestAgeMs: 1500 },
        processing: { messages: 3, oldestAgeMs: null },
        delayed: { messages: 2, oldestAgeMs: null },
        deadLetter: { messages: 1, oldestAgeMs: null },
      };
      ops.rpc.answer = () => ({ status: 'degraded', detail: 'one of two endpoints' });
      ops.holds.set('fee_above_cap', 'the fee is above the cap');
      const response = await request(url).get('/health').expect(200);
      expect(response.body).toEqual({
        status: 'degraded',
        queue_stats: { main_queue: 4, processing: 3, dead_letter: 1, delayed: 2 },
        service: 'token-deployer',
        version: '1.2.3',
        phase: 'ready',
        components: {
          redis: { status: 'up', detail: null },
          rpc: { status: 'degraded', detail: 'one of two endpoints' },
        },
        holds: [
          {
            reason: 'fee_above_cap',
            since: expect.stringMatching(/Z$/) as string,
            detail: 'the fee is above the cap',
            lane: null,
            scope: 'service',
            replicas: ['this replica'],
            blocks: { messages: 9, transactions: null },
            ends: 'the fee falls below the maximum, or you raise the maximum',
            runbook: 'docs/runbooks/consumer-held.md',
          },
        ],
      });
    });

    it('shows the holds of the other replicas, and of a lane what it blocks', async () => {
      ops.state.markReady();
      const slot = { nonce: 8, modelIds: ['a', 'b'], attempts: [] };
      ops.lanes.state = { nextNonce: 9, closedBlock: null, slots: [slot] };
      const held = { reason: 'nodes_refuse', detail: 'nonce 8: "rejected"', since: 1_000, lane: LANE } as const;
      ops.holds.update({
        replicas: [{ replica: 'other', standby: false, holds: [{ ...held, pauses: false }] }],
        since: new Map([[`nodes_refuse ${LANE}`, 500]]),
      });
      const response = await request(url).get('/health').expect(200);
      const blocks = { messages: 2, transactions: 1 };
      const seen = {
        reason: 'nodes_refuse',
        scope: 'part',
        replicas: ['other'],
        blocks,
        since: new Date(500).toISOString(),
      };
      expect(response.body).toMatchObject({ status: 'degraded', holds: [seen] });
    });

    it('is healthy while nothing is held and every component is up', async () => {
      ops.state.markReady();
      const response = await request(url).get('/health').expect(200);
      expect(response.body).toMatchObject({ status: 'healthy', holds: [] });
    });

    it('is degraded, with 200, while a hold is set', async () => {
      ops.state.markReady();
      ops.holds.set('no_lane', 'another replica has the lane');
      const held = await request(url).get('/health').expect(200);
      expect(held.body).toMatchObject({ status: 'degraded', holds: [{ reason: 'no_lane' }] });
      ops.holds.clear('no_lane');
      const cleared = await request(url).get('/health').expect(200);
      expect(cleared.body).toMatchObject({ status: 'healthy' });
    });

    it('is degraded, with 200, while an RPC endpoint is excluded', async () => {
      ops.state.markReady();
      ops.rpc.answer = () => ({ status: 'degraded', detail: 'block 7; rpc-2 is excluded: lagging' });
      const response = await request(url).get('/health').expect(200);
      expect(response.body).toMatchObject({ status: 'degraded', holds: [], components: { redis: { status: 'up' } } });
    });

    it('is unhealthy, with the same body, when Redis does not answer, and shows no driver text', async () => {
      ops.state.markReady();
      everythingDown();
      const response = await request(url).get('/health').expect(503);
      expect(response.body).toMatchObject({ status: 'unhealthy', queue_stats: null, service: 'token-deployer' });
      expect(response.text).not.toContain('canary');
    });

    it('is unhealthy when a required dependency is down although the depths are there', async () => {
      ops.redis.answer = () => ({ status: 'down', detail: null });
      ops.queue.depthsNow = { main: EMPTY, processing: EMPTY, delayed: EMPTY, deadLetter: EMPTY };
      const response = await request(url).get('/health').expect(503);
      expect(response.body).toMatchObject({ status: 'unhealthy', queue_stats: { main_queue: 0 } });
    });
  });

  describe('a dependency that does not answer', () => {
    hurryTimers();

    it('does not keep GET /health/ready', async () => {
      ops.state.markReady();
      ops.redis.answer = () => new Promise(() => undefined);
      const response = await request(url).get('/health/ready').expect(503);
      expect(response.body).toMatchObject({ components: { redis: { status: 'down', detail: 'no answer' } } });
    });

    it('does not keep GET /health when it is Redis', async () => {
      ops.queue.before = () => new Promise(() => undefined);
      const response = await request(url).get('/health');
      expect(response.status).toBe(503);
    });
  });

  it('GET /metrics is the text of the registry', async () => {
    const response = await request(url).get('/metrics').expect(200);
    expect(response.headers['content-type']).toMatch(/^text\/plain; .*version=0\.0\.4/);
    expect(response.text).toContain('token_deployer_build_info{version="1.2.3"');
    expect(response.text).toContain('token_deployer_process_cpu_seconds_total');
  });
});
