import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeResult } from '#core';
import { RedisConnections, RedisHealthProbe } from '#redis';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { ReplyDroppingProxy } from './reply-dropping-proxy.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function start(): Promise<{ server: RedisServer; proxy: ReplyDroppingProxy; connections: RedisConnections }> {
  const server = await RedisServer.start();
  stops.push(async () => await server.stop());
  const proxy = await ReplyDroppingProxy.start(server.port);
  stops.push(async () => await proxy.stop());
  const connections = RedisConnections.open({ url: proxy.url, connectTimeoutMs: 1_000, commandTimeoutMs: 5_000 });
  stops.push(() => connections.close());
  return { server, proxy, connections };
}

describe('RedisHealthProbe', () => {
  it('finds a Redis that answers up', async () => {
    const { connections } = await start();
    expect(await new RedisHealthProbe(connections).check()).toEqual({ status: 'up', detail: null });
  });

  it('looks once in two seconds, however often and at once it is asked', async () => {
    const { server, connections } = await start();
    const looks: ProbeResult[] = [];
    const probe = new RedisHealthProbe(connections, (result) => looks.push(result));
    await Promise.all([probe.check(), probe.check()]);
    await server.stopProcess();
    expect(await probe.check()).toEqual({ status: 'up', detail: null });
    expect(looks).toHaveLength(1);
  });

  it('finds a Redis that is gone down, and up again when it is back', async () => {
    const { server, connections } = await start();
    await server.stopProcess();
    expect(await new RedisHealthProbe(connections).check()).toMatchObject({ status: 'down' });
    await server.restart();
    await until('Redis', async () => (await new RedisHealthProbe(connections).check()).status === 'up');
  });

  it('does not hang behind a dead socket', async () => {
    const { proxy, connections } = await start();
    await new RedisHealthProbe(connections).check();
    proxy.freeze();
    const begin = performance.now();
    expect((await new RedisHealthProbe(connections).check()).status).toBe('down');
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('speaks up about a memory policy that drops messages', async () => {
    const { connections } = await start();
    await until('Redis', async () => await connections.commands.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    const result = await new RedisHealthProbe(connections).check();
    expect(result.status).toBe('degraded');
    expect(result.detail).toContain('allkeys-lru');
  });

  it('finds a Redis at its memory limit degraded', async () => {
    const { connections } = await start();
    await until('Redis', async () => await connections.commands.config('SET', 'maxmemory', '1'));
    expect(await new RedisHealthProbe(connections).check()).toEqual({
      status: 'degraded',
      detail: 'Redis is at its memory limit',
    });
  });

  it('finds a replica down: it takes no writes', async () => {
    const { connections } = await start();
    await until('Redis', async () => await connections.commands.replicaof('127.0.0.1', '1'));
    expect(await new RedisHealthProbe(connections).check()).toEqual({
      status: 'down',
      detail: 'Redis is a replica and takes no writes',
    });
  });

  it('finds a Redis down that refuses writes because it lacks replicas', async () => {
    const { connections } = await start();
    await until('Redis', async () => await connections.commands.config('SET', 'min-replicas-to-write', '1'));
    expect(await new RedisHealthProbe(connections).check()).toEqual({
      status: 'down',
      detail: 'Redis takes no writes (NOREPLICAS)',
    });
  });

  it('finds a Redis down that refuses writes because its snapshots fail', async () => {
    const { connections } = await start();
    await breakSnapshots(connections);
    expect(await new RedisHealthProbe(connections).check()).toEqual({
      status: 'down',
      detail: 'Redis refuses commands (MISCONF)',
    });
  });
});

/** Makes a snapshot fail: a folder has the name of its file. */
async function breakSnapshots({ commands }: RedisConnections): Promise<void> {
  await until('Redis', async () => await commands.config('SET', 'save', '3600 1'));
  const [, folder = ''] = await commands
    .config('GET', 'dir')
    .then((reply) => (Array.isArray(reply) ? reply.map(String) : []));
  await mkdir(join(folder, 'dump.rdb'));
  await commands.set('key', 'value');
  await commands.bgsave();
  await until('the failed snapshot', async () =>
    (await commands.info('persistence')).includes('rdb_last_bgsave_status:err'),
  );
}
