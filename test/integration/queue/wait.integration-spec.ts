import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitUntilReady } from '#redis';
import { until } from '../../support/until.js';
import { ACTION, KEYS, QueueFixture, texts, present } from './queue.fixture.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start(['--appendonly', 'yes', '--appendfsync', 'always']);
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

async function blockedClients(): Promise<number> {
  return Number(/blocked_clients:(\d+)/.exec(await fixture.client.info('clients'))?.[1]);
}

async function blocked(count: number): Promise<void> {
  await until(`${count} blocked clients`, async () => (await blockedClients()) === count);
}

describe('wait', () => {
  it('returns when a message comes, and takes nothing', async () => {
    const queue = await fixture.replica();
    const start = performance.now();
    const wait = queue.wait(20_000);
    await blocked(1);

    await fixture.produce('a');
    await wait;

    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a']);
  });

  it('returns at once when messages stand there, and leaves their order alone', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b', 'c');
    await queue.wait(20_000);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a', 'b', 'c']);
  });

  it('returns after the time-out without a message', async () => {
    const queue = await fixture.replica();
    const start = performance.now();
    await queue.wait(100);
    expect(performance.now() - start).toBeGreaterThan(90);
  });

  it('wakes every replica, of which one gets the message', async () => {
    const [one, other] = [await fixture.replica(), await fixture.replica()];
    const waits = Promise.all([one.wait(20_000), other.wait(20_000)]);
    await blocked(2);
    await fixture.produce('a');
    await waits;
    expect(texts([...(await one.claim(1)), ...(await other.claim(1))])).toEqual(['a']);
  });

  it('survives the loss of its connection and resumes automatically', async () => {
    const connections = await fixture.connect();
    const queue = await fixture.replica({}, connections);
    const wait = queue.wait(20_000);
    await blocked(1);
    const lost = wait.catch((error: unknown) => error);
    await fixture.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect(await lost).toMatchObject({ reason: 'redis_unavailable' });

    const again = queue.wait(20_000);
    await blocked(1);
    await fixture.produce('a');
    await again;
    expect(texts(await queue.claim(1))).toEqual(['a']);
  });

  it('is woken by an unblock, as a failover does, and connects anew', async () => {
    const connections = await fixture.connect();
    const queue = await fixture.replica({}, connections);
    const wait = queue.wait(20_000);
    await blocked(1);
    const list = await fixture.client.call('CLIENT', 'LIST');
    const id = /id=(\d+) [^\n]*name=token-deployer:blocking [^\n]*flags=b /.exec(String(list))?.[1];
    const reconnected = new Promise((resolve) => {
      connections.blocking.redis.once('ready', resolve);
    });

    const woken = wait.catch((error: unknown) => error);
    await fixture.client.call('CLIENT', 'UNBLOCK', id ?? '', 'ERROR');

    expect(await woken).toMatchObject({ code: 'UNBLOCKED' });
    await reconnected;
  });

  it('gives a half-open connection up a second after its time', async () => {
    const connections = await fixture.connect(fixture.proxy.url);
    const queue = await fixture.replica({}, connections);
    const wait = queue.wait(100);
    await blocked(1);
    fixture.proxy.freeze();
    const start = performance.now();

    await expect(wait).rejects.toMatchObject({ reason: 'redis_unavailable' });

    expect(performance.now() - start).toBeLessThan(3_000);
    fixture.proxy.unfreeze();
    await waitUntilReady(connections.blocking.redis);
    await queue.wait(1);
  });
});

describe('a restart of Redis with its data', () => {
  it('loses nothing, and the leases hold', async () => {
    const queue = await fixture.replica();
    await fixture.produce('claimed', 'delayed', 'dead', 'done', 'waiting');
    const [claimed, delayed, dead, done] = await queue.claim(4);
    await queue.settle([
      { lease: present(delayed).lease, settlement: { kind: 'retry', delayMs: 0, reason: 'internal_error' } },
      { lease: present(dead).lease, settlement: { kind: 'dead-letter', entry: '{}' } },
      { lease: present(done).lease, settlement: { kind: 'ack' } },
    ]);
    await queue.pause(ACTION, null);

    await fixture.server.stopProcess('SIGKILL');
    await fixture.server.restart();

    await until('the connection', async () => await queue.isPaused());
    await queue.resume(ACTION);
    expect(await queue.renew([present(claimed).lease])).toEqual([]);
    expect(await queue.promote()).toBe(1);
    expect(texts(await queue.claim(5))).toEqual(['delayed', 'waiting']);
    expect(await queue.settle([{ lease: present(claimed).lease, settlement: { kind: 'ack' } }])).toEqual(['settled']);
    expect(await fixture.messagesIn(KEYS.deadLetter)).toEqual(['{}']);
  });
});

describe('scripts', () => {
  it('are sent again after Redis forgot them', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b');
    await queue.claim(1);
    await fixture.client.script('FLUSH');
    expect(texts(await queue.claim(1))).toEqual(['b']);
  });
});
