import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiApp, OPERATE_TOKEN, POLICY_TOKEN, READ_TOKEN } from '../../../../test/support/http/api-app.js';

const MAXIMUM = {
  spend_per_hour_ether: '1',
  spend_per_day_ether: null,
  max_gas_per_token: null,
  tokens_per_hour: 1_000,
  max_fee_per_gas_gwei: '200',
  max_priority_fee_per_gas_gwei: '2',
};

function bodyOf({ body }: request.Response): unknown {
  return body;
}

describe('policy', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
  });
  afterEach(() => ops.stop());

  const put = (body: object, token = POLICY_TOKEN) =>
    request(url).put('/policy').auth(token, { type: 'bearer' }).set('x-request-id', 'r-1').send(body);

  it('shows the values of the environment until an operator sets others, and what is spent', async () => {
    const window = { spent: 2n * 10n ** 17n, reserved: 10n ** 15n, leaving: [] };
    ops.spending.state = { ...ops.spending.state, windows: { ...ops.spending.state.windows, ether_per_hour: window } };
    const shown = await request(url).get('/policy').auth(READ_TOKEN, { type: 'bearer' }).expect(200);
    expect(bodyOf(shown)).toEqual({
      version: 0,
      policy: MAXIMUM,
      maximum: MAXIMUM,
      spending: [
        { budget: 'ether_per_hour', spent: '0.2', reserved: '0.001', remaining: '0.799' },
        { budget: 'ether_per_day', spent: '0', reserved: '0', remaining: null },
        { budget: 'tokens_per_hour', spent: '0', reserved: '0', remaining: '1000' },
      ],
      circuit: null,
    });
  });

  it('is replaced by the scope policy, with an audit record; what is omitted is as in the environment', async () => {
    const answer = await put({
      version: 0,
      spend_per_hour_ether: '0.25',
      max_fee_per_gas_gwei: '40.5',
      note: 'calm',
    }).expect(200);
    expect(bodyOf(answer)).toMatchObject({
      version: 1,
      policy: { ...MAXIMUM, spend_per_hour_ether: '0.25', max_fee_per_gas_gwei: '40.5' },
      maximum: MAXIMUM,
    });
    expect(ops.spending.replaced).toMatchObject([{ action: { actor: 'keeper', requestId: 'r-1', note: 'calm' } }]);
  });

  it.each([OPERATE_TOKEN, READ_TOKEN])('is not replaced by other scopes', async (token) => {
    const refused = await put({ version: 0 }, token).expect(403);
    expect(refused.headers['www-authenticate']).toContain('scope="policy"');
    expect(ops.spending.replaced).toEqual([]);
  });

  it('shows the open circuit breaker, and the scope policy closes it with an audit record', async () => {
    const at = Date.UTC(2026, 0, 1);
    const cause = { kind: 'failures', failed: 10, of: 20 } as const;
    ops.spending.state = {
      ...ops.spending.state,
      circuit: { openedAt: at, probeAt: at + 60_000, isBlocking: true, cause },
    };
    const shown = await request(url).get('/policy').auth(READ_TOKEN, { type: 'bearer' }).expect(200);
    const times = { since: '2026-01-01T00:00:00.000Z', probe_at: '2026-01-01T00:01:00.000Z' };
    expect(bodyOf(shown)).toMatchObject({ circuit: { cause: 'failures', blocking: true, ...times } });
    const close = (token: string) =>
      request(url).post('/policy/circuit/close').auth(token, { type: 'bearer' }).send({ note: 'repaired' });
    await close(OPERATE_TOKEN).expect(403);
    expect(bodyOf(await close(POLICY_TOKEN).expect(200))).toEqual({ closed: true });
    expect(bodyOf(await close(POLICY_TOKEN).expect(200))).toEqual({ closed: false });
    expect(ops.spending.closed).toMatchObject([{ actor: 'keeper', note: 'repaired' }]);
  });

  it('is not replaced when another operator was first', async () => {
    await put({ version: 0, tokens_per_hour: 10 }).expect(200);
    const late = await put({ version: 0, tokens_per_hour: 20 }).expect(409);
    expect(late.body).toMatchObject({ type: 'urn:token-deployer:problem:policy-changed' });
    expect(ops.spending.replaced).toHaveLength(1);
  });

  it.each([
    [
      { spend_per_hour_ether: '1.000000000000000001' },
      'spend_per_hour_ether is above the maximum of the environment, 1',
    ],
    [{ tokens_per_hour: 1_001 }, 'tokens_per_hour is above the maximum of the environment, 1000'],
    [{ max_fee_per_gas_gwei: '201' }, 'max_fee_per_gas_gwei is above the maximum of the environment, 200'],
  ])('is never above the environment: %j', async (values, detail) => {
    const answer = await put({ version: 0, ...values }).expect(400);
    expect(bodyOf(answer)).toMatchObject({ detail });
    expect(ops.spending.replaced).toEqual([]);
  });

  it.each([
    { tokens_per_hour: -1 },
    { spend_per_hour_ether: 1 },
    { spend_per_hour_ether: '-1' },
    { max_fee_per_gas_gwei: '1e3' },
    { version: 'x' },
  ])('refuses the malformed %j', async (values) => {
    const { status } = await put({ version: 0, ...values });
    expect(status).toBe(400);
  });
});
