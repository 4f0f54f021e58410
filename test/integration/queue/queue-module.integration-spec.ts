import { type DynamicModule, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { QueueConfig, readSettings, RedisConfig } from '#config';
import { StartupError, DeadLetters, MessageQueue } from '#core';
import { QueueModule, queueHome } from '#queue';
import { waitUntilReady, RedisConnections, RedisHealthProbe } from '#redis';
import { Metrics } from '#telemetry';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { ACTION, HOME, KEYS, QueueFixture, texts } from './queue.fixture.js';

let fixture: QueueFixture;
const stops: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});
afterAll(async () => await fixture.stop());

@Module({})
class InfrastructureModule {}

/** What the composition root provides to all modules. */
function moduleImports(url: string, environment: Readonly<Record<string, string>>): DynamicModule {
  const given = { REDIS_URL: url, REDIS_COMMAND_TIMEOUT: '0.5', ...environment };
  const settings = readSettings(given, [RedisConfig, QueueConfig]);
  const providers = [
    { provide: RedisConfig, useValue: settings.get(RedisConfig) },
    { provide: QueueConfig, useValue: settings.get(QueueConfig) },
    { provide: Metrics, useValue: new Metrics() },
  ];
  return { module: InfrastructureModule, global: true, providers, exports: [RedisConfig, QueueConfig, Metrics] };
}

async function compile(url: string, environment: Readonly<Record<string, string>> = {}): Promise<TestingModule> {
  const queue = QueueModule.forRootAsync({ useFactory: () => ({ home: HOME, formerContracts: [] }) });
  const app = await Test.createTestingModule({ imports: [moduleImports(url, environment), queue] }).compile();
  stops.push(async () => await app.close());
  await app
    .get(RedisConnections, { strict: false })
    .http.ping()
    .catch(() => undefined);
  return app;
}

describe('QueueModule', () => {
  it('provides the queue and its dead letters under the names of their ports', async () => {
    const app = await (await compile(fixture.server.url)).init();
    await waitUntilReady(app.get(RedisConnections, { strict: false }).commands);
    await fixture.produce('a');

    expect(texts(await app.get(MessageQueue).claim(1))).toEqual(['a']);
    expect((await app.get(DeadLetters).list({ limit: 1 })).total).toBe(0);
    expect((await app.get(RedisHealthProbe, { strict: false }).check()).status).toBe('up');
    const metrics = await app.get(Metrics).registry.metrics();
    expect(metrics).toContain('token_deployer_redis_up 1');
    expect(metrics).toMatch(/redis_command_duration_seconds_count\{command="claim"\} 1/);
  });

  it('says by itself in redis_up that Redis takes no writes, while it answers reads', async () => {
    const app = await (await compile(fixture.server.url)).init();
    const up = async (value: number): Promise<boolean> =>
      (await app.get(Metrics).registry.metrics()).includes(`token_deployer_redis_up ${value}\n`);
    await until('the first look', async () => await up(1));
    await fixture.client.config('SET', 'min-replicas-to-write', '1');
    try {
      await until('the refusal', async () => await up(0));
      expect((await app.get(MessageQueue).depths()).main.messages).toBe(0);
    } finally {
      await fixture.client.config('SET', 'min-replicas-to-write', '0');
    }
    await until('writes', async () => await up(1));
  });

  it('boots while Redis is down, and works when it comes', async () => {
    const server = await RedisServer.start();
    stops.push(async () => await server.stop());
    await server.stopProcess();
    const app = await (await compile(server.url)).init();

    await server.restart();

    const depths = await until('the queue', async () => await app.get(MessageQueue).depths());
    expect(depths.main.messages).toBe(0);
  });

  it('closes its connections with the application', async () => {
    const app = await (await compile(fixture.server.url)).init();
    const { http } = app.get(RedisConnections, { strict: false });
    await waitUntilReady(http);
    await app.close();
    expect(await until('the end', () => http.status === 'end')).toBe(true);
  });
});

describe('the boot', () => {
  it.each(['main', 'processing', 'deadLetter'] as const)('refuses a %s that is no list', async (name) => {
    await fixture.client.set(KEYS[name], 'x');
    const app = await compile(fixture.server.url);
    await expect(app.init()).rejects.toThrow(StartupError);
    await expect(app.init()).rejects.toThrow(`Redis key ${KEYS[name]} is a string`);
  });

  it('refuses a deployed queue that is no list', async () => {
    await fixture.client.hset('hokusai:token_deployed_queue', 'a', 'b');
    const app = await compile(fixture.server.url);
    await expect(app.init()).rejects.toThrow('Redis key hokusai:token_deployed_queue is a hash');
  });

  describe('on a Redis that lacks commands of 6.2', () => {
    let old: RedisServer;
    let admin: Redis;
    beforeAll(async () => {
      const renamed = ['BLMOVE', 'ZMSCORE'].flatMap((command) => ['--rename-command', command, '']);
      old = await RedisServer.start(renamed);
      admin = new Redis(old.url);
    });
    afterAll(async () => {
      admin.disconnect();
      await old.stop();
    });

    it('refuses it with its version, the commands and what it needs', async () => {
      const app = await compile(old.url);
      await expect(app.init()).rejects.toThrow(StartupError);
      await expect(app.init()).rejects.toThrow(
        /^Redis \d+\.\d+\.\d+ has no BLMOVE, ZMSCORE: the service needs Redis 6\.2 or newer$/,
      );
    });

    it('refuses it where the user may not run INFO', async () => {
      await admin.acl('SETUSER', 'limited', 'reset', 'on', '>secret', '~hokusai:*', '+@all', '-info');
      const app = await compile(old.url.replace('://', '://limited:secret@'));
      await expect(app.init()).rejects.toThrow('Redis of unknown version has no BLMOVE, ZMSCORE');
    });

    it('says so in the error of every script when it comes after the start', async () => {
      const connections = RedisConnections.open({ url: old.url, connectTimeoutMs: 500, commandTimeoutMs: 500 });
      stops.push(async () => connections.close());
      const queue = await fixture.replica({}, connections);
      await expect(queue.promote()).rejects.toThrow('Redis has no ZMSCORE: the service needs Redis 6.2 or newer');
    });
  });

  it('takes a Redis whose user may not run INFO', async () => {
    await fixture.client.acl('SETUSER', 'limited', 'reset', 'on', '>secret', '~hokusai:*', '+@all', '-info');
    const app = await compile(fixture.server.url.replace('://', '://limited:secret@'));
    await expect(app.init()).resolves.toBeDefined();
    await fixture.client.set(KEYS.main, 'x');
    const next = await compile(fixture.server.url.replace('://', '://limited:secret@'));
    await expect(next.init()).rejects.toThrow(`Redis key ${KEYS.main} is a string`);
  });

  it('refuses a single server where a cluster is configured', async () => {
    const app = await compile(fixture.server.url, { REDIS_CLUSTER_NODES: `127.0.0.1:${fixture.server.port}` });
    await expect(app.init()).rejects.toThrow('Redis is no cluster, although REDIS_CLUSTER_NODES is set');
  });

  it('refuses a queue of another contract, and names both homes', async () => {
    const { contract } = HOME;
    const other = queueHome({ chainId: 31337, contract: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512' });
    await fixture.produce('a');
    await (await fixture.replica({ home: other })).claim(1);
    const app = await compile(fixture.server.url);
    await expect(app.init()).rejects.toThrow(StartupError);
    await expect(app.init()).rejects.toThrow(
      `belongs to chain id 31337, contract ${other.contract}, and this service is configured for chain id 31337, contract ${contract}`,
    );
  });

  it('refuses to forget a contract that the queue deployed to', async () => {
    await fixture.client.sadd(KEYS.formerHomes, '31337 0xe7f1725e7734ce288f8367e1bb143e90bb3f0512', '1 0x01');
    const app = await compile(fixture.server.url);
    await expect(app.init()).rejects.toThrow(
      'deployed to 0xe7f1725e7734ce288f8367e1bb143e90bb3f0512 before: name it in FORMER_FACTORIES',
    );
  });

  it('takes what the service itself has written', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b');
    await queue.claim(2);
    await queue.pause(ACTION, null);
    await expect((await compile(fixture.server.url)).init()).resolves.toBeDefined();
  });
});
