import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Hold, ReplicaHolds } from '#core';
import { RedisHoldExchange } from '#queue';
import { RedisConnections } from '#redis';
import { until } from '../../support/until.js';
import { QUEUE, QueueFixture } from './queue.fixture.js';

const FUNDS: Hold = { reason: 'insufficient_funds', detail: '0.01 ether', since: 1, lane: '0xlane', pauses: false };
const PAUSED: Hold = { reason: 'paused', detail: 'by an operator', since: 1, lane: null, pauses: true };
const HOLDS = `${QUEUE}:holds`;
const STARTS = `${QUEUE}:hold-starts`;

let fixture: QueueFixture;
let connections: RedisConnections;
let exchange: RedisHoldExchange;
beforeAll(async () => {
  fixture = await QueueFixture.start();
  const settings = { url: fixture.server.url, connectTimeoutMs: 500, commandTimeoutMs: 2_000 };
  connections = RedisConnections.open(settings, undefined, QUEUE);
  exchange = new RedisHoldExchange(connections, { queueName: QUEUE, braced: false });
  await until('Redis', async () => await connections.http.ping());
});
beforeEach(async () => await fixture.reset());
afterAll(async () => {
  connections.close();
  await fixture.stop();
});

function replica(name: string, ...holds: readonly Hold[]): ReplicaHolds {
  return { replica: name, standby: false, holds };
}

describe('RedisHoldExchange', () => {
  it('shows every replica the holds of all', async () => {
    await exchange.exchange(replica('a', FUNDS), []);
    const seen = await exchange.exchange({ ...replica('b', PAUSED), standby: true }, []);
    expect(seen.replicas.toSorted((x, y) => x.replica.localeCompare(y.replica))).toEqual([
      replica('a', FUNDS),
      { ...replica('b', PAUSED), standby: true },
    ]);
    expect(new Set(seen.since.keys())).toEqual(new Set(['insufficient_funds 0xlane', 'paused']));
  });

  it('keeps the start of a hold over a restart, which changes the name of the replica', async () => {
    const first = await exchange.exchange(replica('a', FUNDS), []);
    const start = first.since.get('insufficient_funds 0xlane');
    await fixture.client.hdel(HOLDS, 'a');
    await fixture.client.hset(STARTS, 'insufficient_funds 0xlane', `${Date.now() + 60_000} 12345`);
    expect(Math.abs((start ?? 0) - Date.now())).toBeLessThan(60_000);
    const second = await exchange.exchange(replica('a2', FUNDS), []);
    expect(second.since.get('insufficient_funds 0xlane')).toBe(12_345);
  });

  it('forgets an ended hold soon, unless another replica still has it', async () => {
    await exchange.exchange(replica('a', FUNDS, PAUSED), []);
    await exchange.exchange(replica('b', PAUSED), []);
    await exchange.exchange(replica('a'), ['insufficient_funds 0xlane', 'paused']);
    await exchange.exchange(replica('b', PAUSED), []);
    const left = await fixture.client.hgetall(STARTS);
    const msLeft = (key: string): number => Number(left[key]?.split(' ')[0]) - Date.now();
    expect(msLeft('insufficient_funds 0xlane')).toBeLessThan(6_000);
    expect(msLeft('paused')).toBeGreaterThan(60_000);
  });

  it('forgets a dead replica, and a field from before a step back of the clock', async () => {
    await fixture.client.hset(HOLDS, 'dead', `${Date.now() - 1} {"standby":false,"holds":[]}`);
    await fixture.client.hset(HOLDS, 'ahead', `${Date.now() + 3_600_000} {"standby":false,"holds":[]}`);
    const { replicas } = await exchange.exchange(replica('a'), []);
    expect(replicas).toEqual([replica('a')]);
    expect(await fixture.client.hkeys(HOLDS)).toEqual(['a']);
  });

  it('reads what it can of another version, and nothing of what is no JSON', async () => {
    const holds = [FUNDS, { ...FUNDS, reason: 'of_a_later_version' }];
    await fixture.client.hset(HOLDS, 'newer', `${Date.now() + 5_000} ${JSON.stringify({ standby: false, holds })}`);
    await fixture.client.hset(HOLDS, 'broken', `${Date.now() + 5_000} {`);
    const { replicas } = await exchange.exchange(replica('a'), []);
    expect(replicas.find((each) => each.replica === 'newer')).toEqual(replica('newer', FUNDS));
    expect(replicas.find((each) => each.replica === 'broken')).toEqual(replica('broken'));
  });
});
