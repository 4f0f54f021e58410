import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aDeadLetter } from '../../../../test/support/fixtures/dead-letter.fixture.js';
import { OPERATE_TOKEN, ApiApp, READ_TOKEN } from '../../../../test/support/http/api-app.js';

const RECORD = { operation: 'pause', actor: 'operate', requestId: 'r-1', note: null, details: {}, element: null };

describe('discard, audit and restore', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
    ops.deadLetters.entries = [aDeadLetter('a')];
  });
  afterEach(async () => {
    await ops.stop();
  });

  function call(method: 'get' | 'post' | 'delete', path: string, token = OPERATE_TOKEN) {
    return request(url)[method](path).auth(token, { type: 'bearer' });
  }

  it('DELETE /dlq/:id takes the entry out, with a note, and says where it is', async () => {
    const response = await call('delete', '/dlq/a?note=test%20data').set('x-request-id', 'r-1').expect(200);
    expect(response.body).toEqual({ id: 'a', result: 'discarded', audit_id: '1-0' });
    expect(ops.deadLetters.discarded).toMatchObject([
      { entry: { id: 'a' }, action: { actor: 'operate', requestId: 'r-1', note: 'test data' } },
    ]);
    expect((await call('delete', '/dlq/a?note=again')).status).toBe(404);
  });

  it.each(['', '?note=', `?note=${'x'.repeat(1001)}`])('DELETE /dlq/:id%s lacks its note: 400', async (query) => {
    expect((await call('delete', `/dlq/a${query}`)).status).toBe(400);
    expect(ops.deadLetters.entries).toHaveLength(1);
  });

  it('POST /audit/:id/restore puts it back, once', async () => {
    await call('delete', '/dlq/a?note=test').expect(200);
    const response = await call('post', '/audit/1-0/restore').send({ note: 'was none' }).expect(200);
    expect(response.body).toEqual({ audit_id: '1-0', result: 'restored' });
    expect(ops.deadLetters.entries.map(({ id }) => id)).toEqual(['a']);
    const again = await call('post', '/audit/1-0/restore');
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ type: 'urn:token-deployer:problem:already-restored' });
    expect((await call('post', '/audit/9-0/restore')).status).toBe(404);
  });

  it('both ask for a token that may operate', async () => {
    expect((await call('delete', '/dlq/a?note=test', READ_TOKEN)).status).toBe(403);
    expect((await call('post', '/audit/1-0/restore', READ_TOKEN)).status).toBe(403);
    expect((await request(url).get('/audit')).status).toBe(401);
  });

  it('both are counted', async () => {
    await call('delete', '/dlq/a?note=test').expect(200);
    await call('post', '/audit/1-0/restore').expect(200);
    const { text } = await call('get', '/metrics');
    const counter = 'token_deployer_dlq_operations_total';
    expect(text).toContain(`${counter}{operation="discard",outcome="discarded"} 1`);
    expect(text).toContain(`${counter}{operation="restore",outcome="restored"} 1`);
    expect(text).toContain(`${counter}{operation="replay",outcome="already_deployed"} 0`);
  });

  it('GET /audit shows who, what and when, and the entry of a discarding', async () => {
    const element = Buffer.from('{"error":"e"}');
    ops.audit.records = [
      {
        ...RECORD,
        id: '2-0',
        at: Date.UTC(2026, 0, 2),
        operation: 'discard',
        note: 'n',
        details: { entry_id: 'a' },
        element,
      },
      { ...RECORD, id: '1-0', at: Date.UTC(2026, 0, 1) },
    ];
    const response = await call('get', '/audit?limit=1', READ_TOKEN).expect(200);
    expect(response.body).toEqual({
      items: [
        {
          id: '2-0',
          at: '2026-01-02T00:00:00.000Z',
          operation: 'discard',
          actor: 'operate',
          request_id: 'r-1',
          note: 'n',
          entry_id: 'a',
          entry: { error: 'e' },
        },
      ],
      next_cursor: '2-0',
    });
    const next = await call('get', '/audit?cursor=2-0').expect(200);
    expect(next.body).toMatchObject({ items: [{ id: '1-0', operation: 'pause' }], next_cursor: null });
    expect((await call('get', '/audit?cursor=foreign')).status).toBe(400);
  });
});
