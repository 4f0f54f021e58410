import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '#core';
import { LANE, ApiApp, OPERATE_TOKEN, READ_TOKEN } from '../../../../test/support/http/api-app.js';

function attempt(hash: string, signedAt: number): Attempt {
  const fees = { gasLimit: 21_000n, maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1n };
  return { hash, raw: '0xcanary', ...fees, signedAt };
}

describe('GET /lanes', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
  });
  afterEach(() => ops.stop());

  async function lanes() {
    return await request(url).get('/lanes').auth(READ_TOKEN, { type: 'bearer' }).expect(200);
  }

  it('shows a lane that was never used', async () => {
    const nothing = {
      held_by: null,
      epoch: null,
      lease_left_seconds: null,
      next_nonce: null,
      open_slots: [],
      holds: [],
    };
    expect((await lanes()).body).toEqual({ items: [{ account: LANE, ...nothing }] });
  });

  it('shows who has a lane and its open slots, without the signed bytes', async () => {
    const signedAt = Date.now() - 90_000;
    ops.lanes.tenureNow = { owner: 'pod:0a1b', epoch: 7, leaseLeftMs: 12_500 };
    ops.lanes.state = {
      nextNonce: 9,
      closedBlock: null,
      slots: [
        { nonce: 8, modelIds: ['a', 'b'], attempts: [attempt('0x1', signedAt), attempt('0x2', signedAt + 60_000)] },
      ],
    };
    const answer = await lanes();
    expect(answer.body).toMatchObject({
      items: [
        {
          held_by: 'pod:0a1b',
          epoch: 7,
          lease_left_seconds: 12.5,
          next_nonce: 9,
          open_slots: [{ nonce: 8, tokens: 2, attempts: 2, latest_attempt: { transaction_hash: '0x2' } }],
        },
      ],
    });
    const [{ open_slots }] = (answer.body as { items: [{ open_slots: [{ age_seconds: number }] }] }).items;
    expect(open_slots[0].age_seconds).toBeGreaterThanOrEqual(90);
    expect(answer.text).not.toContain('canary');
  });

  it('shows what blocks a lane', async () => {
    ops.holds.report('lane', 'nonce_gap', 'the chain has lost nonce 3', LANE);
    ops.holds.report('another lane', 'nonce_gap', 'the chain has lost nonce 9', '0xother');
    const answer = await lanes();
    expect(answer.body).toMatchObject({
      items: [{ holds: [{ reason: 'nonce_gap', detail: 'the chain has lost nonce 3' }] }],
    });
  });

  it('asks for a token', async () => {
    expect((await request(url).get('/lanes')).status).toBe(401);
  });
});

describe('POST /lanes/:account/free', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
  });
  afterEach(() => ops.stop());

  function free(account: string, token = OPERATE_TOKEN) {
    return request(url)
      .post(`/lanes/${account}/free`)
      .auth(token, { type: 'bearer' })
      .set('x-request-id', 'r-1')
      .send({ note: 'its host is gone' });
  }

  it('frees a lane, says whether a process had it, and passes the operator on', async () => {
    expect((await free(LANE.toLowerCase()).expect(200)).body).toEqual({ account: LANE, freed: false });
    ops.lanes.tenureNow = { owner: 'pod:0a1b', epoch: 7, leaseLeftMs: 3_600_000 };
    expect((await free(LANE).expect(200)).body).toEqual({ account: LANE, freed: true });
    const action = { actor: 'operate', requestId: 'r-1', note: 'its host is gone' };
    expect(ops.lanes.freed).toEqual([
      { lane: LANE, action },
      { lane: LANE, action },
    ]);
  });

  it('answers 404 for an account that is no lane', async () => {
    expect((await free('0x0000000000000000000000000000000000000001')).status).toBe(404);
  });

  it('refuses the token that may only read', async () => {
    await free(LANE, READ_TOKEN).expect(403);
    expect(ops.lanes.freed).toEqual([]);
  });
});
