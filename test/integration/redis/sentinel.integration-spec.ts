import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { waitUntilReady, RedisConnections, RedisHealthProbe, type RedisSettings } from '#redis';
import { freePort } from '../../support/network/free-port.js';
import { until } from '../../support/until.js';
import { QueueTraffic, replicatedPush } from './queue-traffic.js';
import { SentinelGroup } from './sentinel-group.js';

const PASSWORD = 'of-the-sentinels';
let group: SentinelGroup;
const stops: (() => unknown)[] = [];
beforeAll(async () => {
  group = await SentinelGroup.start({ password: PASSWORD });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0).toReversed()) await stop();
});
afterAll(async () => await group.stop());

/** The first sentinel of the list is down. */
async function open(changes: Partial<RedisSettings> = {}): Promise<RedisConnections> {
  const connections = RedisConnections.open({
    url: 'redis://unused.invalid:1/0',
    connectTimeoutMs: 500,
    commandTimeoutMs: 1_000,
    sentinels: [
      { host: '127.0.0.1', port: await freePort() },
      { host: '127.0.0.1', port: group.port },
    ],
    sentinelMaster: group.name,
    sentinelPassword: PASSWORD,
    ...changes,
  });
  stops.push(() => connections.close());
  return connections;
}

describe('sentinels', () => {
  it.each<[string, Partial<RedisSettings>]>([
    ['know no such master', { sentinelMaster: 'another' }],
    ['refuse the password', { sentinelPassword: 'hunter2' }],
  ])('that %s: not ready, and the log says so without a password', async (_case, changes) => {
    const warnings: unknown[] = [];
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((entry: unknown) => void warnings.push(entry));
    const connections = await open(changes);
    expect((await new RedisHealthProbe(connections).check()).status).toBe('down');
    await until('the warning', () => JSON.stringify(warnings).includes('NO_SENTINEL_NAMES_MASTER'));
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
  });

  it('lead to the new master within 10 s, and nothing acknowledged is lost', async () => {
    const connections = await open();
    await Promise.all([connections.blocking.redis, connections.commands, connections.http].map(waitUntilReady));
    expect((await new RedisHealthProbe(connections).check()).status).toBe('up');
    const producer = new Redis({
      sentinels: [{ host: '127.0.0.1', port: group.port }],
      sentinelPassword: PASSWORD,
      name: group.name,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    });
    producer.on('error', () => undefined);
    stops.push(() => producer.disconnect());
    const traffic = new QueueTraffic(connections, replicatedPush(producer));
    traffic.start();
    stops.push(async () => await traffic.stop());
    await until('some messages', () => traffic.settled.size > 20);

    await group.master.stopProcess('SIGKILL');
    const killed = performance.now();
    expect((await new RedisHealthProbe(connections).check()).status).toBe('down');
    await until('the new master', async () => (await connections.commands.info('replication')).includes('role:master'));
    await traffic.settlesAfter(performance.now());
    expect(performance.now() - killed).toBeLessThan(10_000);
    expect((await new RedisHealthProbe(connections).check()).status).toBe('up');

    // The old master returns as an empty-handed replica of the new one.
    await group.master.restart();
    await traffic.drain();
    expect(traffic.lost()).toEqual([]);
    expect(traffic.errors).toEqual([]);
    expect(traffic.acknowledged.size).toBeGreaterThan(20);
  });
});
