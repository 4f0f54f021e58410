import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { waitUntilReady } from '#redis';
import { RedisServer } from '../../support/redis/redis-server.js';
import { TcpProxy } from '../../support/network/tcp-proxy.js';
import { until } from '../../support/until.js';
import { ReplyDroppingProxy } from './reply-dropping-proxy.js';
import { type Closing, OutageFixture, RECOVERED, RECOVERY_MS, replied } from './outage.fixture.js';
import { QUEUE } from './queue-traffic.js';

async function server(closing: Closing, ...args: string[]): Promise<RedisServer> {
  const started = await RedisServer.start(args);
  closing(async () => await started.stop());
  return started;
}

async function startOutage(closing: Closing): Promise<{ readonly scene: OutageFixture; readonly proxy: TcpProxy }> {
  const redis = await server(closing);
  const proxy = await TcpProxy.start(redis.port);
  closing(async () => await proxy.stop());
  return { scene: await OutageFixture.start(closing, redis, `redis://127.0.0.1:${proxy.port}`), proxy };
}

// They wait most of the time, each on servers of its own.
describe.concurrent('work goes on within 10 s, and nothing is lost, after', () => {
  it('sockets that were half-open', async ({ onTestFinished: closing }) => {
    const redis = await server(closing);
    const proxy = await ReplyDroppingProxy.start(redis.port);
    closing(async () => await proxy.stop());
    const scene = await OutageFixture.start(closing, redis, proxy.url);
    proxy.freeze();
    proxy.unfreeze();
    const probe = scene.probed();
    expect(await scene.recovery()).toEqual(RECOVERED);
    expect(await probe).toBe('down');
  });

  it('resets of all connections', async ({ onTestFinished: closing }) => {
    const { scene, proxy } = await startOutage(closing);
    await proxy.setMode('forward');
    expect(await scene.recovery()).toEqual(RECOVERED);
  });

  it('an outage of 20 s', async ({ onTestFinished: closing }) => {
    const { scene, proxy } = await startOutage(closing);
    await proxy.setMode('refuse');
    expect(await scene.probedFor(20_000)).toEqual(['down']);
    await proxy.setMode('forward');
    expect(await scene.recovery()).toEqual(RECOVERED);
  });

  it('6 s of a Redis that accepts connections and never answers', async ({ onTestFinished: closing }) => {
    const { scene, proxy } = await startOutage(closing);
    await proxy.setMode('hang');
    expect(await scene.probedFor(6_000)).toEqual(['down']);
    await proxy.setMode('forward');
    expect(await scene.recovery()).toEqual(RECOVERED);
  });

  it('6 s of a Redis that stands still', async ({ onTestFinished: closing }) => {
    const scene = await OutageFixture.start(closing, await server(closing));
    scene.server.signal('SIGSTOP');
    expect(await scene.probedFor(6_000)).toEqual(['down']);
    scene.server.signal('SIGCONT');
    expect(await scene.recovery()).toEqual(RECOVERED);
  });

  it('a time as a replica, which takes no writes', async ({ onTestFinished: closing }) => {
    const scene = await OutageFixture.start(closing, await server(closing));
    const { admin } = scene;
    // An unreachable master: the data stay.
    await admin.replicaof('127.0.0.1', '1');
    expect(await scene.probedFor(2_000)).toEqual(['down']);
    await admin.replicaof('NO', 'ONE');
    expect(await scene.recovery()).toEqual(RECOVERED);
  });

  it('a restart that takes its time to load the data', async ({ onTestFinished: closing }) => {
    // Loads for a minute unless it is told to hurry; data that cannot be compressed let it answer after every key.
    const redis = await server(
      closing,
      '--key-load-delay',
      '100000',
      '--loading-process-events-interval-bytes',
      '1024',
    );
    const scene = await OutageFixture.start(closing, redis);
    const padding = Array.from({ length: 600 }, (_value, i) => [`padding:${i}`, randomBytes(2_000)]).flat();
    await scene.admin.mset(...padding);
    await scene.traffic.drain();
    await scene.admin.lpush(QUEUE, 'kept');
    await scene.admin.save();
    await redis.stopProcess('SIGKILL');

    const loaded = redis.restart();
    await until('the loading', async () => (await replied(scene.admin.info('persistence')))?.includes('loading:1'));
    expect(await scene.probed()).toBe('down');
    await until('the hurry', async () => await replied(scene.admin.config('SET', 'key-load-delay', '0')));
    await loaded;
    expect(await scene.probesUp()).toBeLessThan(RECOVERY_MS);
    await waitUntilReady(scene.connections.commands);
    expect(await scene.connections.commands.llen(QUEUE)).toBe(1);
  });
});
