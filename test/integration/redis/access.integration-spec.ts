import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  waitUntilReady,
  RedisConnections,
  RedisHealthProbe,
  type RedisSettings,
  RedisUnavailableError,
  unwrapReply,
} from '#redis';
import { CertificateAuthority, type Identity } from '../../support/network/certificates.js';
import { TestProcess } from '../../support/process/test-process.js';
import { freePort } from '../../support/network/free-port.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { QUEUE, QueueTraffic } from './queue-traffic.js';

const stops: (() => unknown)[] = [];
const warnings: unknown[] = [];
beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(Logger.prototype, 'warn').mockImplementation((entry: unknown) => void warnings.push(entry));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0).toReversed()) await stop();
});

function open(settings: Pick<RedisSettings, 'url'> & Partial<RedisSettings>): RedisConnections {
  const given = { connectTimeoutMs: 500, commandTimeoutMs: 500, ...settings };
  const connections = RedisConnections.open(given, undefined, QUEUE);
  stops.push(() => connections.close());
  return connections;
}

/** What each connection is for. */
async function use({ blocking, commands, http }: RedisConnections): Promise<unknown> {
  await Promise.all([waitUntilReady(blocking.redis), waitUntilReady(commands), waitUntilReady(http)]);
  return [
    await blocking.block('BLMOVE', [QUEUE, QUEUE, 'RIGHT', 'RIGHT'], 1),
    await commands.set(`${QUEUE}:paused`, 'b'),
    await http.get(`${QUEUE}:paused`),
  ];
}
const WORKS = [null, 'OK', 'b'];

describe('an ACL user', () => {
  const password = 'p@ss/w:rd?#%é';
  const url = (port: number, secret = password): string =>
    `redis://token-deployer:${encodeURIComponent(secret)}@127.0.0.1:${port}/3`;
  let server: RedisServer;
  let admin: Redis;
  const allow = async (secret: string): Promise<unknown> =>
    await admin.acl(
      'SETUSER',
      'token-deployer',
      'reset',
      'on',
      `>${secret}`,
      `~${QUEUE}*`,
      '+@all',
      '-@dangerous',
      '+info',
    );

  beforeAll(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.url);
    await admin.acl('SETUSER', 'token-deployer', 'on');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  it('comes from the URL, with the database, for any characters in the password', async () => {
    await allow(password);
    expect(await use(open({ url: url(server.port) }))).toEqual(WORKS);
    await admin.select(3);
    expect(await admin.del(`${QUEUE}:paused`)).toBe(1);
    expect(String(await admin.call('CLIENT', 'LIST')).match(/user=token-deployer/g)).toHaveLength(3);
  });

  it('works with no more rights than it needs', async () => {
    await allow(password);
    const connections = open({ url: url(server.port) });
    await waitUntilReady(connections.commands);
    await admin.select(3);
    const traffic = new QueueTraffic(connections, async (message) => (await admin.lpush(QUEUE, message)) > 0);
    stops.push(async () => await traffic.stop());
    traffic.start();
    await until('some messages', () => traffic.settled.size > 5);
    await traffic.drain();
    expect(traffic.errors).toEqual([]);
  });

  it('with a wrong password is not ready, shows it nowhere, and works once it is right (S1)', async () => {
    await allow('something else');
    const connections = open({ url: url(server.port) });
    const probe = await new RedisHealthProbe(connections).check();
    expect(probe.status).toBe('down');
    const error = await unwrapReply(connections.commands.ping()).catch((found: unknown) => found);
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(warnings).toContainEqual(expect.objectContaining({ connection: 'commands', code: 'WRONGPASS' }));
    const shown = JSON.stringify([warnings, probe, String(error), error]);
    for (const secret of [password, encodeURIComponent(password), 'p@ss']) expect(shown).not.toContain(secret);

    const restoredAt = performance.now();
    await allow(password);
    await until('the connection', async () => await connections.commands.ping());
    expect(performance.now() - restoredAt).toBeLessThan(10_000);
    await until('the probe', async () => (await new RedisHealthProbe(connections).check()).status === 'up');
  });
});

describe('TLS', () => {
  let authority: CertificateAuthority;
  let stranger: CertificateAuthority;
  let client: Identity;
  let server: RedisServer;
  let port: number;
  let tls: readonly string[];

  beforeAll(async () => {
    [authority, stranger] = await Promise.all([CertificateAuthority.create(), CertificateAuthority.create()]);
    const [own, redis] = await Promise.all([authority.issue('client'), authority.issue('redis.internal')]);
    client = own;
    port = await freePort();
    const files = ['--tls-cert-file', redis.certFile, '--tls-key-file', redis.keyFile];
    tls = [...files, '--tls-ca-cert-file', authority.identity.certFile];
    server = await RedisServer.start(['--tls-port', String(port), ...tls]);
  });
  afterAll(async () => {
    await server.stop();
    await authority.remove();
    await stranger.remove();
  });

  /** The right settings, with changes. */
  const settings = (changes: Partial<RedisSettings> = {}) => ({
    url: `rediss://127.0.0.1:${port}`,
    tlsCa: authority.identity.cert,
    tlsCert: client.cert,
    tlsKey: client.key,
    tlsServername: 'redis.internal',
    ...changes,
  });

  it('takes a CA of its own, a client certificate and the name of the server', async () => {
    expect(await use(open(settings()))).toEqual(WORKS);
  });

  it('leads to the master through sentinels that speak nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
    stops.push(async () => await rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, `sentinel monitor m 127.0.0.1 ${port} 1\ntls-replication yes\n`);
    const own = await freePort();
    const binary = process.env['REDIS_SERVER'] ?? 'redis-server';
    const sentinel = new TestProcess(binary, [file, '--sentinel', '--port', '0', '--tls-port', String(own), ...tls]);
    stops.push(async () => await sentinel.stop('SIGKILL'));
    const sentinels = [{ host: '127.0.0.1', port: own }];
    const connections = open(settings({ url: 'rediss://unused.invalid', sentinels, sentinelMaster: 'm' }));
    await until('the connections', async () => await waitUntilReady(connections.http).then(() => true));
    expect(await use(connections)).toEqual(WORKS);
  });

  it('leads to the node of a cluster', async () => {
    const [own, bus] = [await freePort(), await freePort()];
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--tls-cluster', 'no'];
    const node = await RedisServer.start([...cluster, '--tls-port', String(own), ...tls]);
    stops.push(async () => await node.stop());
    const admin = new Redis(node.url);
    stops.push(() => admin.disconnect());
    await admin.cluster('ADDSLOTSRANGE', 0, 16_383);
    const clusterNodes = [{ host: '127.0.0.1', port: own }];
    const connections = open(settings({ url: 'rediss://unused.invalid', clusterNodes }));
    await until('the connections', async () => await waitUntilReady(connections.http).then(() => true));
    expect(await use(connections)).toEqual(WORKS);
  });

  it.each<[string, () => Partial<RedisSettings>, RegExp]>([
    ['an unknown CA', () => ({ tlsCa: stranger.identity.cert }), /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER/],
    ['a server of another name', () => ({ tlsServername: 'other.internal' }), /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    // TLS 1.3 refuses it after the handshake: the reason and the reset race each other.
    ['to go without client certificate', () => ({ tlsCert: null, tlsKey: null }), /^ERR_SSL_|^ECONNRESET$/],
  ])('refuses %s, and says so', async (_case, changes, code) => {
    const connections = open(settings(changes()));
    expect((await new RedisHealthProbe(connections).check()).status).toBe('down');
    await expect(unwrapReply(connections.commands.ping())).rejects.toBeInstanceOf(RedisUnavailableError);
    expect(warnings).toContainEqual(
      expect.objectContaining({ connection: 'commands', code: expect.stringMatching(code) as unknown }),
    );
  });
});
