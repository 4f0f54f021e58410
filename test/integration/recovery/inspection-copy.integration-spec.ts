import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';

// Goes the way of docs/deployment.md ("Redis") with a copy in RDB.
let server: RedisServer;
let redis: Redis;
beforeEach(async () => {
  server = await RedisServer.start(['--appendonly', 'yes']);
  redis = new Redis(server.url);
  await redis.mset('a', 1, 'b', 2);
  await redis.save();
  await redis.set('c', 3);
  await server.stopProcess();
  await rename(join(server.folder, 'appendonlydir'), join(server.folder, 'appendonlydir.old'));
});
afterEach(async () => {
  redis.disconnect();
  await server.stop();
});

it('a copy in RDB is restored through a start without the append-only files', async () => {
  await server.restart(['--appendonly', 'no']);
  expect(await redis.dbsize()).toBe(2);
  await redis.config('SET', 'appendonly', 'yes');
  const written = /aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0\r\n[^]*aof_last_bgrewrite_status:ok/;
  await until('the append-only files', async () => written.test(await redis.info('persistence')));
  await server.stopProcess();
  await rm(join(server.folder, 'dump.rdb'));

  await server.restart();
  expect(await redis.mget('a', 'b', 'c')).toEqual(['1', '2', null]);
});

it('without that start the copy is not read', async () => {
  await server.restart();
  expect(await redis.dbsize()).toBe(0);
});
