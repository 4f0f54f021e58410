import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { waitUntilReady, type ConnectionName, RedisConnections, RedisUnavailableError, unwrapReply } from '#redis';
import { freePort } from '../../support/network/free-port.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { ReplyDroppingProxy } from './reply-dropping-proxy.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function server(...args: string[]): Promise<RedisServer> {
  const started = await RedisServer.start(args);
  stops.push(async () => await started.stop());
  return started;
}

function open(url: string, onReconnect?: (name: ConnectionName) => void, commandTimeoutMs = 400): RedisConnections {
  const connections = RedisConnections.open({ url, connectTimeoutMs: 500, commandTimeoutMs }, onReconnect);
  stops.push(() => connections.close());
  return connections;
}

async function allConnected(connections: RedisConnections): Promise<void> {
  for (const redis of [connections.blocking.redis, connections.commands, connections.http]) await waitUntilReady(redis);
}

describe('RedisConnections', () => {
  it('names its connections', async () => {
    const redis = await server();
    const connections = open(redis.url);
    await allConnected(connections);
    const names = String(await connections.http.call('CLIENT', 'LIST')).match(/name=\S+/g);
    expect(names?.toSorted()).toEqual([
      'name=token-deployer:blocking',
      'name=token-deployer:commands',
      'name=token-deployer:http',
    ]);
  });

  it('fails at once while Redis is down, and resumes automatically when it is up', async () => {
    const redis = await server();
    await redis.stopProcess();
    const connections = open(redis.url);
    const start = performance.now();
    await expect(unwrapReply(connections.commands.ping())).rejects.toBeInstanceOf(RedisUnavailableError);
    expect(performance.now() - start).toBeLessThan(200);
    await expect(waitUntilReady(connections.commands)).rejects.toBeInstanceOf(RedisUnavailableError);

    await redis.restart();

    await until('the connection', async () => await connections.commands.ping());
  });

  it('keeps no command for a connection that is not up yet', async () => {
    const redis = await server();
    const proxy = await ReplyDroppingProxy.start(redis.port);
    stops.push(async () => await proxy.stop());
    proxy.freeze();
    const { commands } = open(proxy.url, undefined, 5_000);
    await until('the socket', () => commands.status === 'connect');
    const start = performance.now();

    await expect(unwrapReply(commands.ping())).rejects.toBeInstanceOf(RedisUnavailableError);

    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('never sends a command later that failed meanwhile', async () => {
    const redis = await server();
    const connections = open(redis.url);
    await allConnected(connections);
    await redis.stopProcess();
    await Promise.allSettled(Array.from({ length: 5 }, async () => await connections.commands.lpush('list', 'x')));
    await redis.restart();
    await until('the connection', async () => await connections.commands.ping());
    expect(await connections.commands.llen('list')).toBe(0);
  });

  it('gives up a half-open connection with the command that met it', async () => {
    const redis = await server();
    const proxy = await ReplyDroppingProxy.start(redis.port);
    stops.push(async () => await proxy.stop());
    const connections = open(proxy.url);
    await allConnected(connections);
    proxy.freeze();
    const start = performance.now();

    await expect(unwrapReply(connections.commands.ping())).rejects.toBeInstanceOf(RedisUnavailableError);
    await expect(unwrapReply(connections.http.ping())).rejects.toBeInstanceOf(RedisUnavailableError);

    expect(performance.now() - start).toBeLessThan(2_500);
    proxy.unfreeze();
    await until('a new connection', async () => await connections.commands.ping());
  });

  it('gives up a peer that accepts a connection for blocking commands and is silent', async () => {
    const redis = await server();
    const proxy = await ReplyDroppingProxy.start(redis.port);
    stops.push(async () => await proxy.stop());
    proxy.freeze();
    const { blocking } = open(proxy.url);
    await expect(blocking.block('BLPOP', ['nothing'], 1)).rejects.toBeInstanceOf(RedisUnavailableError);

    proxy.unfreeze();

    expect(await until('a new connection', async () => (await blocking.block('BLPOP', ['nothing'], 1)) === null)).toBe(
      true,
    );
  });

  it('tells each recovery, and how long it is ago', async () => {
    const redis = await server();
    const recovered: ConnectionName[] = [];
    const connections = open(redis.url, (name) => recovered.push(name));
    await allConnected(connections);
    expect(connections.sinceRecoveryMs).toBe(Infinity);
    expect(recovered).toEqual([]);

    await redis.restart();

    await until('all connections', () => recovered.length === 3);
    expect(recovered.toSorted()).toEqual(['blocking', 'commands', 'http']);
    expect(connections.sinceRecoveryMs).toBeLessThan(20_000);
  });

  it('connects anew when Redis has become a replica', async () => {
    const redis = await server();
    const recovered: ConnectionName[] = [];
    const connections = open(redis.url, (name) => recovered.push(name));
    await allConnected(connections);
    const admin = new Redis(redis.url);
    stops.push(() => admin.disconnect());
    await admin.replicaof('127.0.0.1', String(await freePort()));

    await expect(unwrapReply(connections.commands.set('a', 'b'))).rejects.toMatchObject({ code: 'READONLY' });

    await until('a new connection', () => recovered.includes('commands'));
  });

  it('says what is wrong without the password, and not over and over (S1)', async () => {
    const warnings: unknown[] = [];
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((entry: unknown) => void warnings.push(entry));
    const redis = await server('--requirepass', 'right');
    const connections = open(`redis://default:hunter2@127.0.0.1:${redis.port}/0`);

    await until('a few attempts', () => warnings.length >= 3);
    let attempts = 0;
    connections.commands.on('reconnecting', () => (attempts += 1));
    await until('more attempts', () => attempts >= 2);

    expect(warnings).toHaveLength(3);
    expect(JSON.stringify(warnings)).toContain('WRONGPASS');
    expect(JSON.stringify(warnings)).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  it('stays closed, and rejects pending commands', async () => {
    const redis = await server();
    const connections = open(redis.url);
    await allConnected(connections);
    const waiting = connections.blocking.block('BLPOP', ['nothing'], 30_000);
    const ended = waiting.catch((error: unknown) => error);

    connections.close();

    expect(await ended).toBeInstanceOf(RedisUnavailableError);
    await expect(waitUntilReady(connections.commands)).rejects.toBeInstanceOf(RedisUnavailableError);
    await until('the end of all connections', () => connections.http.status === 'end');
  });
});
