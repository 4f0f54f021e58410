import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisMessageQueue } from '#queue';
import { FaultyTcpProxy } from '../../support/network/faulty-tcp-proxy.js';
import { until } from '../../support/until.js';
import { KEYS, present, QueueFixture, texts } from './queue.fixture.js';

let fixture: QueueFixture;
let proxy: FaultyTcpProxy;
beforeAll(async () => {
  fixture = await QueueFixture.start();
  proxy = await FaultyTcpProxy.start(fixture.server.port);
});
afterAll(async () => {
  await proxy.stop();
  await fixture.stop();
});

it('M1: a claim that arrives late, when its repeat was answered and settled in part, takes nothing', async () => {
  const connections = await fixture.connect(proxy.url, 300);
  const queue: RedisMessageQueue = await fixture.replica({}, connections);
  // Scripts are loaded, so that what is held is the claim itself.
  await queue.claim(1);
  await fixture.produce('a', 'b');

  proxy.stall();
  const [a, b] = await queue.claim(2);
  expect(texts([present(a), present(b)])).toEqual(['a', 'b']);
  await queue.settle([{ lease: present(a).lease, settlement: { kind: 'ack' } }]);
  await fixture.produce('c');
  const commands = await commandsRun();
  proxy.heal();
  await until('the late claim to arrive', async () => (await commandsRun()) > commands);

  await queue.settle([{ lease: present(b).lease, settlement: { kind: 'ack' } }]);
  expect(await fixture.messagesIn(KEYS.main)).toEqual(['c']);
  expect(await fixture.messagesIn(KEYS.processing)).toEqual([]);
});

async function commandsRun(): Promise<number> {
  const stats = await fixture.client.info('commandstats');
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]);
}
