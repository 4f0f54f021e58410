import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeploymentJobs, LaneJournal, type Slot } from '#core';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { FactoryServiceFixture } from './factory-service.fixture.js';

const WAITING = {
  REDIS_WAIT_REPLICAS: '1',
  REDIS_WAIT_TIMEOUT: '0.2',
  REDIS_CONNECT_TIMEOUT: '0.5',
  REDIS_COMMAND_TIMEOUT: '0.5',
};

describe('Waiting for replicas of Redis', () => {
  let scene: FactoryServiceFixture;
  let replica: RedisServer;
  let standby: Redis;
  beforeAll(async () => {
    scene = await FactoryServiceFixture.start();
  });
  beforeEach(async () => {
    await scene.redis.config('SET', 'repl-diskless-sync-delay', '0');
    replica = await RedisServer.start(['--replicaof', '127.0.0.1', String(scene.redisServer.port)]);
    standby = new Redis(replica.url, { retryStrategy: () => 50 });
    standby.on('error', () => undefined);
    await until('the replica', async () => (await standby.info('replication')).includes('master_link_status:up'));
  });
  afterEach(async () => {
    await scene.stopServices();
    standby.disconnect();
    await replica.stop();
    await scene.reset();
  });
  afterAll(() => scene.stop());

  type Service = Awaited<ReturnType<FactoryServiceFixture['startService']>>;
  const slots = async (service: Service): Promise<readonly Slot[]> =>
    (await service.get(LaneJournal).read(scene.deployer.address)).slots;
  /** The one slot that a service journals for a model while no replica confirms it. */
  const journalled = async (service: Service, model: string): Promise<Slot> => {
    await scene.queue.push(platformMessage({ model_id: model }));
    await scene.waitForHold(service, 'replicas_missing');
    const [slot] = await until('the slot', async () => {
      const open = await slots(service);
      return open.length === 1 && open;
    });
    if (!slot) throw new Error('no slot is open');
    return slot;
  };

  it('sends at once while a replica confirms', async () => {
    await scene.startService(WAITING);
    await scene.deploy('a', 'b');
    expect(scene.proxy.sentTransactions).toHaveLength(1);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('sends nothing while the replica is away, and exactly the journalled bytes when it is back', async () => {
    const service = await scene.startService({ ...WAITING, REPLACE_AFTER: '0.5' });
    await replica.stopProcess('SIGKILL');
    const slot = await journalled(service, 'a');
    const asked = Number(await scene.redis.hget(await scene.laneKey(), 'secured'));
    await until(
      'three more questions',
      async () => Number(await scene.redis.hget(await scene.laneKey(), 'secured')) >= asked + 3,
    );
    expect(scene.proxy.sentTransactions).toEqual([]);
    expect((await slots(service))[0]).toEqual(slot);

    await replica.restart();
    await scene.waitUntilDrained();
    expect(scene.proxy.sentTransactions[0]).toBe(slot.attempts[0]?.raw);
    await scene.waitForHoldCleared(service, 'replicas_missing');
    expect(await service.get(DeploymentJobs).find('a')).toMatchObject({ state: 'deployed' });
  });

  it('does not send either after a restart, until the replica is back', async () => {
    const before = await scene.startService(WAITING);
    await replica.stopProcess('SIGKILL');
    const slot = await journalled(before, 'a');
    await scene.stopServices();
    const after = await scene.startService(WAITING);
    await scene.waitForHold(after, 'replicas_missing');
    expect(scene.proxy.sentTransactions).toEqual([]);
    await replica.restart();
    await scene.waitUntilDrained();
    expect(scene.proxy.sentTransactions).toEqual([slot.attempts[0]?.raw]);
  });

  it('does not wait for replicas by default', async () => {
    await scene.startService();
    await replica.stopProcess('SIGKILL');
    await scene.deploy('a');
    expect(scene.proxy.sentTransactions).toHaveLength(1);
    expect(await scene.redis.hget(await scene.laneKey(), 'secured')).toBeNull();
  });

  it('loses no slot in a failover: what was sent is in the journal of the new primary', async () => {
    await scene.setAutomine(false);
    await scene.startService(WAITING);
    await scene.queue.push(platformMessage({ model_id: 'a' }));
    await until('the transaction', () => scene.proxy.sentTransactions.length === 1);
    await scene.redisServer.stopProcess('SIGKILL');
    await standby.replicaof('NO', 'ONE');
    await scene.stopServices();
    const promoted = await scene.startService({ ...WAITING, REDIS_URL: replica.url, REDIS_WAIT_REPLICAS: '0' });
    const [slot] = await slots(promoted);
    expect(slot?.attempts[0]?.raw).toBe(scene.proxy.sentTransactions[0]);
    await scene.setAutomine(true);
    await scene.mine();
    await until('the token', async () => (await promoted.get(DeploymentJobs).find('a'))?.state === 'deployed');
    expect(new Set(scene.proxy.sentTransactions).size).toBe(1);
    await scene.redisServer.restart();
  });

  it('loses nothing that was sent when the replica had fallen behind before the failover', async () => {
    const service = await scene.startService(WAITING);
    replica.signal('SIGSTOP');
    await journalled(service, 'a');
    await scene.redisServer.stopProcess('SIGKILL');
    replica.signal('SIGCONT');
    await standby.replicaof('NO', 'ONE');
    await scene.stopServices();
    expect(scene.proxy.sentTransactions).toEqual([]);
    expect(await scene.minedNonce()).toBe(0);
    const promoted = await scene.startService({ REDIS_URL: replica.url });
    await standby.lpush('hokusai:model_ready_queue', platformMessage({ model_id: 'b' }));
    await until('the token', async () => (await promoted.get(DeploymentJobs).find('b'))?.state === 'deployed');
    expect(await scene.tokens.deployments('b')).toBe(1);
    await scene.redisServer.restart();
  });
});
