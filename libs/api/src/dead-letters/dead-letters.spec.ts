import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HoldError } from '#core';
import { aDeadLetter } from '../../../../test/support/fixtures/dead-letter.fixture.js';
import { aDeploymentJob } from '../../../../test/support/fixtures/deployment-job.fixture.js';
import { OPERATE_TOKEN, ApiApp } from '../../../../test/support/http/api-app.js';

interface ReplayAnswer {
  id: string;
  state: string;
  dry_run: boolean;
  replayed: number;
  results: { id: string; result: string }[];
}

function outcomes({ results }: ReplayAnswer): Record<string, string> {
  return Object.fromEntries(results.map(({ id, result }) => [id, result]));
}

describe('dead letters', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
    ops.deadLetters.entries = ['a', 'b', 'c'].map((id) => aDeadLetter(id));
  });
  afterEach(async () => {
    await ops.stop();
  });

  function get(path: string) {
    return request(url).get(path).auth(OPERATE_TOKEN, { type: 'bearer' });
  }

  function post(path: string, body: object) {
    return request(url).post(path).auth(OPERATE_TOKEN, { type: 'bearer' }).send(body);
  }

  async function replay(body?: object): Promise<ReplayAnswer> {
    const response = await request(url)
      .post('/dlq/replay')
      .auth(OPERATE_TOKEN, { type: 'bearer' })
      .send(body)
      .expect(200);
    return response.body as ReplayAnswer;
  }

  async function replayOne(id: string) {
    return await request(url).post(`/dlq/${id}/replay`).auth(OPERATE_TOKEN, { type: 'bearer' });
  }

  describe('GET /dlq', () => {
    it('shows entries in snake case', async () => {
      ops.deadLetters.entries = [aDeadLetter('a', { replayCount: 2, originalMessage: null })];
      expect((await get('/dlq').expect(200)).body).toEqual({
        items: [
          {
            id: 'a',
            reason: 'conflict',
            error: 'another record was there first',
            failed_at: '2026-01-02T03:04:05.000Z',
            message_id: 'message-a',
            model_id: 'model-a',
            attempts: 1,
            replay_count: 2,
            replayable: false,
          },
        ],
        next_cursor: null,
        total: 1,
      });
    });

    it('pages', async () => {
      const first = (await get('/dlq?limit=2').expect(200)).body as { next_cursor: string; items: { id: string }[] };
      expect(first.items.map(({ id }) => id)).toEqual(['a', 'b']);
      expect(first).toMatchObject({ next_cursor: 'b', total: 3 });
      const second = await get(`/dlq?limit=2&cursor=${first.next_cursor}`).expect(200);
      expect(second.body).toMatchObject({ items: [{ id: 'c' }], next_cursor: null, total: 3 });
    });

    it('filters by reason and model', async () => {
      ops.deadLetters.entries.push(aDeadLetter('d', { reason: 'poison' }));
      expect((await get('/dlq?reason=poison')).body).toMatchObject({ items: [{ id: 'd' }], total: 4 });
      expect((await get('/dlq?model_id=model-b')).body).toMatchObject({ items: [{ id: 'b' }], total: 4 });
    });
  });

  describe('GET /dlq/:id', () => {
    it('parses entry and message and shows the deployment of the model', async () => {
      ops.jobs.jobs = [aDeploymentJob('model-a')];
      const response = await get('/dlq/a').expect(200);
      expect(response.body).toMatchObject({
        id: 'a',
        entry: { id: 'a' },
        message: { message_id: 'message-a', payload: { model_id: 'model-a' } },
        deployment: { model_id: 'model-a', state: 'admitted' },
      });
    });

    it('shows garbage as it is', async () => {
      ops.deadLetters.entries = [
        aDeadLetter('a', { element: Buffer.from('{garbage'), originalMessage: null, modelId: null }),
      ];
      expect((await get('/dlq/a').expect(200)).body).toMatchObject({
        entry: '{garbage',
        message: null,
        deployment: null,
      });
    });
  });

  describe('POST /dlq/replay', () => {
    it('without a body replays the oldest 100', async () => {
      ops.deadLetters.entries = Array.from({ length: 120 }, (_, index) => aDeadLetter(`e${index}`));
      const answer = await replay();
      expect(answer).toMatchObject({ dry_run: false, replayed: 100 });
      expect(ops.deadLetters.entries.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => `e${i + 100}`));
    });

    it('replays ids in their order, each once, and says which are gone or hold no message', async () => {
      ops.deadLetters.entries.push(aDeadLetter('d', { originalMessage: null }));
      const answer = await replay({ ids: ['c', 'x', 'a', 'c', 'd'], note: 'fixed upstream' });
      expect(answer.results).toEqual([
        { id: 'c', message_id: 'message-c', model_id: 'model-c', result: 'replayed' },
        { id: 'x', message_id: null, model_id: null, result: 'gone' },
        { id: 'a', message_id: 'message-a', model_id: 'model-a', result: 'replayed' },
        { id: 'd', message_id: 'message-d', model_id: 'model-d', result: 'unreplayable' },
      ]);
      expect(answer.replayed).toBe(2);
      expect(ops.deadLetters.entries.map(({ id }) => id)).toEqual(['b', 'd']);
    });

    it('tells the port who, why and in which request', async () => {
      await request(url)
        .post('/dlq/replay')
        .auth(OPERATE_TOKEN, { type: 'bearer' })
        .set('x-request-id', 'audit-1')
        .send({ ids: ['a'], note: 'because' });
      await replay({ ids: ['b'] });
      expect(ops.deadLetters.replayed).toEqual([
        { id: 'a', action: { actor: 'operate', requestId: 'audit-1', note: 'because' } },
        { id: 'b', action: { actor: 'operate', requestId: expect.stringMatching(/.{36}/) as string, note: null } },
      ]);
    });

    it('replays what fits a filter, up to the limit, over several pages', async () => {
      ops.deadLetters.entries = ['p1', 'x1', 'p2', 'p3', 'p4'].map((id) =>
        aDeadLetter(id, { reason: id.startsWith('p') ? 'poison' : 'conflict' }),
      );
      const paged = ops.deadLetters.list.bind(ops.deadLetters);
      ops.deadLetters.list = async (page) => await paged({ ...page, limit: Math.min(page.limit, 2) });
      expect(outcomes(await replay({ filter: { reason: 'poison' }, limit: 3 }))).toEqual({
        p1: 'replayed',
        p2: 'replayed',
        p3: 'replayed',
      });
      expect(ops.deadLetters.entries.map(({ id }) => id)).toEqual(['x1', 'p4']);
    });

    it('changes nothing in a dry run', async () => {
      ops.deadLetters.entries.push(aDeadLetter('d', { originalMessage: null }));
      const answer = await replay({ dry_run: true });
      expect(answer).toMatchObject({ dry_run: true, replayed: 0 });
      expect(outcomes(answer)).toEqual({ a: 'would_replay', b: 'would_replay', c: 'would_replay', d: 'unreplayable' });
      expect(ops.deadLetters.replayed).toEqual([]);
    });

    it('is 202 when Redis goes away in between: the run stands there and goes on when it is back', async () => {
      let calls = 0;
      ops.deadLetters.before = (call) => {
        if (call === 'replay' && ++calls === 2) throw new HoldError('redis_unavailable', 'gone');
      };
      const response = await post('/dlq/replay', {}).expect(202);
      const answer = response.body as ReplayAnswer;
      expect(answer).toMatchObject({ state: 'running', replayed: 1 });
      expect(response.headers['location']).toBe(`/dlq/replays/${answer.id}`);
      expect(outcomes(answer)).toEqual({ a: 'replayed' });
    });

    it('is 409 while another replay runs, and free again afterwards', async () => {
      const gate = { open: (): void => undefined };
      const opened = new Promise<void>((resolve) => {
        gate.open = resolve;
      });
      const reached = new Promise<void>((resolve) => {
        ops.deadLetters.before = async (call) => {
          if (call !== 'replay') return;
          ops.deadLetters.before = () => undefined;
          resolve();
          await opened;
        };
      });
      const first = replay({ ids: ['a'] });
      await reached;
      const second = await request(url).post('/dlq/replay').auth(OPERATE_TOKEN, { type: 'bearer' });
      gate.open();
      expect(outcomes(await first)).toEqual({ a: 'replayed' });
      expect(second.status).toBe(409);
      expect(second.body).toMatchObject({ type: 'urn:token-deployer:problem:replay-running' });
      expect(outcomes(await replay({ ids: ['b'] }))).toEqual({ b: 'replayed' });
    });

    it('counts by outcome and logs who did it', async () => {
      await replay({ ids: ['a', 'x'], note: 'because' });
      const { text } = await get('/metrics');
      expect(text).toContain('token_deployer_dlq_operations_total{operation="replay",outcome="replayed"} 1');
      const line = JSON.parse(ops.lines.find((logged) => logged.includes('dead_letter.replayed')) ?? '{}') as object;
      expect(line).toMatchObject({ actor: 'operate', note: 'because', id: 'a', result: 'replayed' });
      expect(ops.lines.join('')).not.toContain(OPERATE_TOKEN);
    });
  });

  describe('POST /dlq/:id/replay', () => {
    it('replays the entry once', async () => {
      const response = await replayOne('b');
      expect(response.status).toBe(200);
      expect(response.body).toEqual({ id: 'b', message_id: 'message-b', model_id: 'model-b', result: 'replayed' });
      expect((await replayOne('b')).status).toBe(404);
      expect(ops.deadLetters.replayed).toHaveLength(1);
    });

    it('answers 404 when another operator was quicker', async () => {
      ops.deadLetters.before = (call) => {
        if (call === 'replay') ops.deadLetters.entries = [];
      };
      expect((await replayOne('b')).status).toBe(404);
    });

    it('is 422 when the entry holds no message', async () => {
      ops.deadLetters.entries = [aDeadLetter('b', { originalMessage: null })];
      const response = await replayOne('b');
      expect(response.status).toBe(422);
      expect(response.body).toMatchObject({ type: 'urn:token-deployer:problem:unreplayable' });
    });
  });
});
