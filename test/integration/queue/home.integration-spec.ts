import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HoldError } from '#core';
import { queueHome } from '#queue';
import { HOME, KEYS, present, QueueFixture, texts } from './queue.fixture.js';

const OTHER_CONTRACT = queueHome({ chainId: 31337, contract: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512' });
const OTHER_CHAIN = queueHome({ chainId: 1, contract: HOME.contract });

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

describe('the home of a queue', () => {
  it('is pinned by the first claim that finds a message', async () => {
    const queue = await fixture.replica();
    expect(await queue.claim(1)).toEqual([]);
    expect(await fixture.client.exists(KEYS.home)).toBe(0);
    await fixture.produce('a');
    expect(texts(await queue.claim(1))).toEqual(['a']);
    expect(await fixture.client.hgetall(KEYS.home)).toEqual(HOME);
  });

  it.each([
    ['contract', OTHER_CONTRACT],
    ['chain', OTHER_CHAIN],
  ])('is the only one that gets messages: another %s is a hold that names both', async (_what, other) => {
    const [own, stranger] = [await fixture.replica(), await fixture.replica({ home: other })];
    await fixture.produce('a', 'b');
    expect(texts(await own.claim(1))).toEqual(['a']);

    const refused = await stranger.claim(1).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HoldError);
    expect(refused).toMatchObject({ reason: 'wrong_home' });
    for (const home of [HOME, other])
      expect((refused as Error).message).toContain(`chain id ${home.chain_id}, contract ${home.contract}`);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['b']);
    expect(texts(await own.claim(1))).toEqual(['b']);
  });

  it('lets a claim whose reply was lost have its messages, and a moved queue no other', async () => {
    const queue = await fixture.faultyReplica();
    await fixture.produce('a', 'b');
    fixture.proxy.dropReplies(1);
    const [message] = await queue.claim(1);
    expect(Buffer.from(present(message).bytes).toString()).toBe('a');
    await fixture.client.hset(KEYS.home, { ...OTHER_CONTRACT });
    await expect(queue.claim(1)).rejects.toMatchObject({ reason: 'wrong_home' });
    expect(texts(await (await fixture.replica({ home: OTHER_CONTRACT })).claim(1))).toEqual(['b']);
  });

  it('pins a field that an older version did not know', async () => {
    await fixture.client.hset(KEYS.home, 'chain_id', HOME.chain_id);
    await fixture.produce('a');
    expect(texts(await (await fixture.replica()).claim(1))).toEqual(['a']);
    expect(await fixture.client.hgetall(KEYS.home)).toEqual(HOME);
  });

  it('lets only one of two homes start on a new queue', async () => {
    const replicas = [await fixture.replica(), await fixture.replica({ home: OTHER_CONTRACT })];
    await fixture.produce('a', 'b', 'c', 'd');
    const results = await Promise.allSettled(replicas.map((queue) => queue.claim(2)));
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await fixture.client.llen(KEYS.main)).toBe(2);
  });
});
