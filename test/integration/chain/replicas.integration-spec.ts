import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYER_ROLE } from '#contracts';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { Deferred } from '../../support/deferred.js';
import { TcpProxy } from '../../support/network/tcp-proxy.js';
import { until } from '../../support/until.js';

const LEASE_MS = 1_500;

describe('Two replicas with one key', () => {
  let chain: ChainHarness;
  /** Between the first replica and Redis. */
  let redisProxy: TcpProxy;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  beforeEach(async () => {
    redisProxy = await TcpProxy.start(chain.redis.port);
  });
  afterEach(async () => {
    await chain.reset();
    await redisProxy.stop();
  });
  afterAll(() => chain.stop());

  const env = { LANE_LEASE: String(LEASE_MS / 1000), REDIS_COMMAND_TIMEOUT: '0.5' };
  const pair = async () => {
    const first = await chain.createReplica({ ...env, REDIS_URL: `redis://127.0.0.1:${redisProxy.port}/0` });
    const second = await chain.createReplica(env);
    await first.start();
    await until('the first to hold the lane', () => first.holds.list().length === 0);
    await second.start();
    return { first, second };
  };

  it('have one worker and one standby, which gives its jobs back', async () => {
    const { first, second } = await pair();
    await second.waitForStandby();
    await second.submit('standby');
    await until('the job given back', () => second.results.released.includes('standby'));
    await first.submit('worker');
    expect(await first.waitForResult('worker')).toMatchObject({ kind: 'deployed' });
    expect(await second.slots()).toEqual([]);
    expect(second.results.results).toEqual([]);
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('say who holds the lane until when, and take it when an operator frees it', async () => {
    const { first, second } = await pair();
    const held = /^0x\w{40}: held by \S+ until 2\d{3}-\d\d-\d\dT[\d:.]+Z$/;
    const detail = await second.waitForStandby();
    expect(detail).toMatch(held);
    expect(Date.parse(detail.split(' until ')[1] ?? '') - Date.now()).toBeLessThanOrEqual(LEASE_MS);
    expect(second.holds.list()).toEqual([]);
    expect(await second.checkLanes()).toEqual({ status: 'up', detail: expect.stringContaining('standby: ') as string });
    // Cut off, it can neither renew nor acquire.
    await redisProxy.setMode('hang');
    const owner = detail.split(' ')[3] ?? '';
    await second.redis.hset(second.laneKey, { owner, leaseMs: 3_600_000, expiresAt: Date.now() + 3_600_000 });
    await until('the later end', () =>
      second.holds.list().some((hold) => Date.parse(hold.detail.split(' until ')[1] ?? '') > Date.now() + 3_000_000),
    );
    await second.journal.free(ANVIL_ACCOUNTS[1].address, { actor: 'alice', requestId: 'r-1', note: null });
    await second.waitForLane();
    await first.waitForHold('no_lane');
  });

  it('give the released job back again when the queue cannot take it at first', async () => {
    const { second } = await pair();
    let failures = 2;
    second.results.before = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('Redis is away');
    };
    await second.submit('stubborn');
    await until('the job given back', () => second.results.released.length > 0);
    expect(second.results.released).toEqual(['stubborn']);
    expect(failures).toBeLessThan(0);
  });

  it('swap at once when the worker stops', async () => {
    const { first, second } = await pair();
    await second.waitForStandby();
    await first.stop();
    await second.waitForLane();
    await second.submit('heir');
    expect(await second.waitForResult('heir')).toMatchObject({ kind: 'deployed' });
  });

  it('swap within one lease when the worker is cut off, and its open slots are settled by the other', async () => {
    await chain.setAutomine(false);
    const { first, second } = await pair();
    await first.submit('orphan');
    await chain.waitForMempool(1);
    const [slot] = await first.slots();
    await redisProxy.setMode('hang');
    const cutOff = Date.now();
    await second.waitForLane();
    // The standby asks every 500 ms; the rest is the slack of a busy machine.
    expect(Date.now() - cutOff).toBeLessThan(LEASE_MS + 500 + 1_500);
    await chain.mine();
    const finding = await second.waitForResult('orphan');
    expect(finding).toMatchObject({ kind: 'deployed', token: { transactionHash: slot?.attempts[0]?.hash } });
    await first.waitForHold('no_lane');
    await redisProxy.setMode('forward');
    await first.waitForStandby();
    await chain.setAutomine(true);
    await second.submit('after');
    await second.waitForResult('after');
    expect(new Set(chain.proxy.sentTransactions).size).toBe(2);
    expect((await second.eventModelIds()).toSorted()).toEqual(['after', 'orphan']);
  });

  it('never send what was signed under a lease that another has by now', async () => {
    const { first, second } = await pair();
    const gate = new Deferred();
    let estimates = 0;
    chain.proxy.addHook('eth_estimateGas', async () => {
      if (++estimates === 1) await gate.promise;
    });
    await first.submit('stale');
    await until('the first to be about to sign', () => estimates === 1);
    await redisProxy.setMode('hang');
    await second.waitForLane();
    await redisProxy.setMode('forward');
    gate.resolve();
    await until('the job given back', () => first.results.released.includes('stale'));
    expect(chain.proxy.sentTransactions).toEqual([]);
    expect(await second.slots()).toEqual([]);
    await second.submit('stale');
    expect(await second.waitForResult('stale')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
    expect((await chain.tokens.find('stale'))?.deployments).toBe(1);
  });

  it('commit nothing under an epoch that is not the newest, even before the worker has noticed', async () => {
    const replica = await chain.startReplica({ LANE_LEASE: '600' });
    const nonce = await chain.nonce();
    let thefts = 0;
    chain.proxy.addHook('eth_estimateGas', async () => {
      thefts += 1;
      if (thefts > 1) return;
      await replica.redis.hset(replica.laneKey, 'epoch', '99');
    });
    await replica.submit('fenced');
    const tenures = (): number => chain.log.filter((line) => line.includes('lane.acquired')).length;
    await until('another tenure', () => tenures() === 2);
    // Between the tenures it may have given the job back.
    await replica.submit('fenced');
    expect(await replica.waitForResult('fenced')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
    expect(await chain.nonce()).toBe(nonce + 1);
    expect(tenures()).toBe(2);
    expect((await replica.jobs.find('fenced'))?.attempts).toHaveLength(1);
  });

  it('make one token of a model that both admitted', async () => {
    await chain.sendAsAdmin('grantRole', DEPLOYER_ROLE, chain.otherAccount.address);
    const first = await chain.startReplica(env);
    const second = await chain.startReplica({ ...env, DEPLOYER_PRIVATE_KEY: chain.otherAccount.privateKey });
    await until('both lanes', () => first.holds.list().length === 0 && second.holds.list().length === 0);
    const models = ['shared-1', 'shared-2', 'shared-3'];
    await Promise.all([first.submit(...models), second.submit(...models)]);
    for (const model of models) {
      await until(`the token of ${model}`, async () => (await first.jobs.find(model))?.state === 'deployed');
      expect((await chain.tokens.find(model))?.deployments).toBe(1);
    }
    expect((await first.eventModelIds()).toSorted()).toEqual(models);
  });

  it('go on when Redis is away for longer than a lease', async () => {
    const { first, second } = await pair();
    await second.stop();
    await redisProxy.setMode('refuse');
    await first.waitForHold('no_lane');
    await redisProxy.setMode('forward');
    await first.waitForLane();
    await first.submit('returned');
    expect(await first.waitForResult('returned')).toMatchObject({ kind: 'deployed' });
  });
});
