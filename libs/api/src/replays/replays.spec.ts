import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aDeadLetter } from '../../../../test/support/fixtures/dead-letter.fixture.js';
import { OPERATE_TOKEN, ApiApp, READ_TOKEN } from '../../../../test/support/http/api-app.js';
import { until } from '../../../../test/support/until.js';

describe('replays over HTTP', () => {
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

  function call(method: 'get' | 'post' | 'delete', path: string, token = OPERATE_TOKEN) {
    return request(url)[method](path).auth(token, { type: 'bearer' });
  }

  /** With an idempotency key. */
  function post(body: object, key: string, path = '/dlq/replay') {
    return call('post', path).set('idempotency-key', key).send(body);
  }

  it('a long one is 202 with its place, and is seen to its end there', async () => {
    const begun = await call('post', '/dlq/replay').send({ limit: 501, note: 'all of them' }).expect(202);
    const place = begun.headers['location'] ?? '';
    expect(place).toBe(`/dlq/replays/${(begun.body as { id: string }).id}`);
    const run = await until('the end', async () => {
      const { body } = (await call('get', place, READ_TOKEN).expect(200)) as { body: { state: string } };
      return body.state === 'finished' && body;
    });
    expect(run).toMatchObject({
      actor: 'operate',
      note: 'all of them',
      limit: 501,
      filter: {},
      max_per_second: null,
      replayed: 3,
      counts: { replayed: 3, gone: 0, unreplayable: 0, already_deployed: 0, repeated: 0 },
      examined: 3,
    });
    expect((await call('delete', place)).status).toBe(409);
  });

  it('one with a rate is 202, however short', async () => {
    const response = await call('post', '/dlq/replay').send({ ids: ['a'], max_per_second: 5 });
    expect(response.status).toBe(202);
  });

  it('one that is not known is 404, to look at and to cancel', async () => {
    expect((await call('get', `/dlq/replays/${randomUUID()}`)).status).toBe(404);
    expect((await call('delete', `/dlq/replays/${randomUUID()}`)).status).toBe(404);
  });

  it('cancelling asks for a token that may operate', async () => {
    expect((await call('delete', '/dlq/replays/x', READ_TOKEN)).status).toBe(403);
    expect((await request(url).get('/dlq/replays/x')).status).toBe(401);
  });

  it.each([
    [{ max_per_second: 0 }, 'max_per_second'],
    [{ max_per_second: '1' }, 'max_per_second'],
    [{ limit: 100_001 }, 'limit'],
    [{ force: 1 }, 'force'],
    [{ filter: { failed_before: 'yesterday' } }, 'filter.failed_before'],
  ])('400 for %j', async (body, field) => {
    const response = await call('post', '/dlq/replay').send(body);
    expect(response.status).toBe(400);
    expect((response.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([field]);
    expect(ops.deadLetters.replayed).toEqual([]);
  });

  describe('with an idempotency key', () => {
    it('the same request gets the same answer, and nothing is done twice', async () => {
      const first = await post({ limit: 1 }, 'key-1').expect(200);
      const again = await post({ limit: 1 }, 'key-1').expect(200);
      expect(again.body).toEqual(first.body);
      expect(again.headers['idempotent-replayed']).toBe('true');
      expect(ops.deadLetters.replayed.map(({ id }) => id)).toEqual(['a']);
      await post({ limit: 1 }, 'key-2').expect(200);
      expect(ops.deadLetters.replayed.map(({ id }) => id)).toEqual(['a', 'b']);
    });

    it('keeps status and place of a long one', async () => {
      const first = await post({ max_per_second: 100 }, 'key-1').expect(202);
      const again = await post({ max_per_second: 100 }, 'key-1').expect(202);
      expect(again.headers['location']).toBe(first.headers['location']);
    });

    it('another request under the key is 422', async () => {
      await post({ limit: 1 }, 'key-1').expect(200);
      const other = await post({ limit: 2 }, 'key-1');
      expect(other.status).toBe(422);
      expect(other.body).toMatchObject({ type: 'urn:token-deployer:problem:idempotency-key-reused' });
      expect((await post({ limit: 1 }, 'key-1', '/queue/pause')).status).toBe(422);
      expect(ops.deadLetters.replayed).toHaveLength(1);
    });

    it('a failed request may be tried again', async () => {
      expect((await post({ limit: 0 }, 'key-1')).status).toBe(400);
      expect((await post({ limit: 1 }, 'key-1')).status).toBe(200);
    });

    it('a second request while the first is at work is 409', async () => {
      const gate = { open: (): void => undefined, reached: false };
      const opened = new Promise<void>((resolve) => {
        gate.open = resolve;
      });
      ops.deadLetters.before = async (name) => {
        if (name !== 'replay') return;
        gate.reached = true;
        await opened;
      };
      const first = post({ limit: 1 }, 'key-1').then((response) => response.status);
      await until('the first request', () => gate.reached);
      const second = await post({ limit: 1 }, 'key-1');
      gate.open();
      expect(second.status).toBe(409);
      expect(second.headers['retry-after']).toBe('5');
      expect(second.body).toMatchObject({ type: 'urn:token-deployer:problem:request-in-progress' });
      expect(await first).toBe(200);
    });

    it('a crash between the work and the answer begins no second run', async () => {
      await post({ limit: 1 }, 'key-1').expect(200);
      // What is left when the process dies before it stores the answer, once the reservation is over.
      await ops.keys.forget('operate key-1');
      const again = await post({ limit: 1 }, 'key-1').expect(200);
      expect(again.body).toMatchObject({ state: 'finished', replayed: 1 });
      expect(ops.deadLetters.replayed.map(({ id }) => id)).toEqual(['a']);
    });

    it.each(['a b', 'x'.repeat(256)])('400 for the key %j', async (key) => {
      expect((await post({}, key)).status).toBe(400);
    });
  });
});
