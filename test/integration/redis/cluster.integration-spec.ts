import { Test, type TestingModule } from '@nestjs/testing';
import { Cluster } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppConfigModule } from '#config';
import { StartupError, DeadLetters, DeploymentJobs, LaneJournal, MessageQueue } from '#core';
import { waitUntilReady, RedisConnections, RedisHealthProbe, unwrapReply } from '#redis';
import { TelemetryModule } from '#telemetry';
import { InfrastructureModule } from '../../../apps/token-deployer/src/infrastructure.module.js';
import { until } from '../../support/until.js';
import { CONTRACT, deployed, LANE, request, slot } from '../ledger/ledger.fixture.js';
import { QUEUE, QueueTraffic, replicatedPush } from './queue-traffic.js';
import { RedisCluster } from './redis-cluster.js';

const DEPLOYED_QUEUE = `{${QUEUE}}:token_deployed_queue`;
let cluster: RedisCluster;
let client: Cluster;
const stops: (() => unknown)[] = [];
beforeAll(async () => {
  cluster = await RedisCluster.start();
  client = new Cluster([...cluster.addresses], { redisOptions: { maxRetriesPerRequest: 0 } });
  client.on('error', () => undefined);
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});
afterAll(async () => {
  client.disconnect();
  await cluster.stop();
});

async function open(clusterNodes = cluster.addresses): Promise<RedisConnections> {
  const settings = { url: 'redis://unused.invalid:1', connectTimeoutMs: 500, commandTimeoutMs: 1_000, clusterNodes };
  const connections = RedisConnections.open(settings, undefined, QUEUE);
  stops.push(() => connections.close());
  await Promise.all([connections.blocking.redis, connections.commands, connections.http].map(waitUntilReady));
  return connections;
}

async function traffic(connections: RedisConnections): Promise<QueueTraffic> {
  const producer = await open();
  const started = new QueueTraffic(connections, replicatedPush(producer.commands));
  started.start();
  stops.push(async () => await started.stop());
  return started;
}

/** Queue and ledger as the application puts them together. */
async function boot(environment: Readonly<Record<string, string>> = {}): Promise<TestingModule> {
  const settings = AppConfigModule.forRoot({
    REDIS_CLUSTER_NODES: cluster.addresses.map(({ host, port }) => `${host}:${port}`).join(),
    CHAIN_ID: '31337',
    DEPLOYER_PRIVATE_KEY: '11'.repeat(32),
    FACTORY_ADDRESS: CONTRACT,
    ...environment,
  });
  const telemetry = TelemetryModule.forRootAsync({
    useFactory: () => ({
      log: { level: 'log', secrets: [] },
      labels: { deadLetterReasons: [], holdReasons: [], version: '0.0.0' },
    }),
  });
  const app = await Test.createTestingModule({ imports: [settings, telemetry, InfrastructureModule] }).compile();
  stops.push(async () => await app.close());
  return await app.init();
}

describe('the boot on a cluster', () => {
  it('takes lists that share a slot', async () => {
    await expect(boot({ DEPLOYED_QUEUE_NAME: DEPLOYED_QUEUE })).resolves.toBeDefined();
    await expect(boot({ QUEUE_NAME: '{h}:q', DEPLOYED_QUEUE_NAME: '{h}:d' })).resolves.toBeDefined();
  });

  it('refuses a list of deployed tokens in another slot, and names one that would do', async () => {
    const refused = boot();
    await expect(refused).rejects.toBeInstanceOf(StartupError);
    await expect(refused).rejects.toThrow(
      /keeps hokusai:token_deployed_queue in slot \d+ and hokusai:model_ready_queue in \d+.*\{hokusai:model_ready_queue\}:x/,
    );
  });

  it('refuses a cluster that is taken for a single server', async () => {
    const environment = { REDIS_CLUSTER_NODES: '', REDIS_URL: cluster.owner.server.url };
    await expect(boot(environment)).rejects.toThrow('its nodes must stand in REDIS_CLUSTER_NODES');
  });
});

describe('a cluster', () => {
  it('is found through any node, and every connection is to the one that serves the queue', async () => {
    const [other] = cluster.others;
    const connections = await open([{ host: '127.0.0.1', port: other?.server.port ?? 0 }]);
    const ports = [connections.blocking.redis, connections.commands, connections.http].map(
      ({ stream }) => 'remotePort' in stream && stream.remotePort,
    );
    expect(new Set(ports)).toEqual(new Set([cluster.owner.server.port]));
    const waiting = connections.blocking.block('BLMOVE', [QUEUE, QUEUE, 'RIGHT', 'RIGHT'], 10_000);
    await client.lpush(QUEUE, 'a');
    expect(String(await waiting)).toBe('a');
    await client.del(QUEUE);
    expect((await new RedisHealthProbe(connections).check()).status).toBe('up');
  });

  it('keeps queue, jobs, lanes and events of the application in one slot', async () => {
    const app = await boot({ DEPLOYED_QUEUE_NAME: DEPLOYED_QUEUE });
    const [queue, jobs, journal] = [app.get(MessageQueue), app.get(DeploymentJobs), app.get(LaneJournal)];
    await waitUntilReady(app.get(RedisConnections).commands);
    await client.lpush(QUEUE, 'a message');
    const [message] = await queue.claim(1);
    if (message === undefined) throw new Error('no message');
    await jobs.admit([{ request: request('model-1'), message }]);
    const lease = await journal.acquire(LANE, 60_000);
    if (lease === null) throw new Error('no lane');
    await journal.resetNonce(lease, 7);
    await journal.commit(lease, slot());

    expect(await jobs.complete({ lease, nonce: 7 }, [deployed('model-1')])).toMatchObject([{ changed: true }]);

    expect((await jobs.list({ limit: 10 })).items).toMatchObject([{ state: 'deployed' }]);
    expect(await journal.read(LANE)).toMatchObject({ nextNonce: 8, slots: [] });
    expect(await client.lrange(DEPLOYED_QUEUE, 0, -1)).toEqual(['{"model":"model-1"}']);
    expect(await client.llen(`{${QUEUE}}:processing`)).toBe(0);
    expect((await app.get(DeadLetters).list({ limit: 1 })).total).toBe(0);
  });

  it('may give the slot to another master while messages flow', async () => {
    const [other] = cluster.others;
    if (other === undefined) throw new Error('no other master');
    const flow = await traffic(await open());
    await until('some messages', () => flow.settled.size > 20);

    await cluster.moveSlot(cluster.owner, other);
    const moved = performance.now();
    expect(await flow.settlesAfter(moved)).toBeLessThan(10_000);
    await cluster.moveSlot(other, cluster.owner);

    await flow.drain();
    expect(flow.lost()).toEqual([]);
    expect(flow.errors).toEqual([]);
  });

  it('loses the master of the queue: its replica serves within 10 s, and nothing acknowledged is lost', async () => {
    const connections = await open();
    const flow = await traffic(connections);
    await until('some messages', () => flow.settled.size > 20);

    await cluster.owner.server.stopProcess('SIGKILL');
    const killed = performance.now();
    expect((await new RedisHealthProbe(connections).check()).status).toBe('down');
    await until('the new master', async () => (await unwrapReply(connections.commands.role()))[0] === 'master');
    await flow.settlesAfter(performance.now());
    expect(performance.now() - killed).toBeLessThan(10_000);
    expect((await new RedisHealthProbe(connections).check()).status).toBe('up');

    // It returns as a replica of its replica, whose messages a producer can count on again.
    await cluster.owner.server.restart();
    const acknowledged = flow.acknowledged.size;
    await until('acknowledged messages', () => flow.acknowledged.size > acknowledged);
    await flow.drain();
    expect(flow.lost()).toEqual([]);
    expect(flow.errors).toEqual([]);
  });
});
