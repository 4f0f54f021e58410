import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisServer } from '../../support/redis/redis-server.js';
import { ReplyDroppingProxy } from '../redis/reply-dropping-proxy.js';
import { attempt, deployed, failed, kept, LANE, LedgerFixture, request, slot } from './ledger.fixture.js';

describe('Ledger behind a connection that breaks', () => {
  let server: RedisServer;
  let proxy: ReplyDroppingProxy;
  let ledger: LedgerFixture;
  let direct: LedgerFixture;

  beforeAll(async () => {
    server = await RedisServer.start();
    proxy = await ReplyDroppingProxy.start(server.port);
  });
  beforeEach(async () => {
    ledger = await LedgerFixture.open(proxy);
    direct = await LedgerFixture.open(server);
    // Redis knows the scripts now: the first reply that is lost is that of a script that ran.
    const { lease } = await direct.submitted('earlier');
    await direct.journal.addAttempt(lease, 7, attempt('0xbb'));
    await direct.jobs.complete({ lease, nonce: 7 }, [failed('earlier')]);
    await direct.redis.flushall();
  });
  afterEach(() => {
    ledger.close();
    direct.close();
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  it('admits a message once', async () => {
    const message = await direct.claimed('message');
    proxy.dropReplies(1);
    expect(await ledger.jobs.admit([{ request: request('model-1'), message }])).toMatchObject([{ kind: 'admitted' }]);
    expect(await direct.redis.zcard(direct.keys.jobs())).toBe(1);
  });

  it('takes a lane under an epoch that holds', async () => {
    proxy.dropReplies(1);
    const lease = await ledger.journal.acquire(LANE, 60_000);
    expect(lease).toEqual({ lane: LANE, epoch: 2 });
    expect(await direct.journal.renew({ lane: LANE, epoch: 2 }, 60_000)).toBe(true);
  });

  it('frees a lane once', async () => {
    await direct.lane();
    await direct.journal.free(LANE, { actor: 'alice', requestId: 'r-0', note: null });
    await direct.lane();
    proxy.dropReplies(1);
    expect(await ledger.journal.free(LANE, { actor: 'alice', requestId: 'r-1', note: null })).toBe(true);
    expect(await direct.redis.xlen(direct.queue.audit)).toBe(2);
  });

  it('commits a transaction once', async () => {
    await direct.admit(request('model-1'));
    const lease = await direct.lane();
    proxy.dropReplies(1);
    expect(await ledger.journal.commit(lease, slot())).toEqual({ kind: 'committed' });
    expect((await direct.jobs.find('model-1'))?.attempts).toEqual([kept(attempt())]);
  });

  it('adds a replacement once', async () => {
    const { lease } = await direct.submitted('model-1');
    proxy.dropReplies(2);
    expect(await ledger.journal.addAttempt(lease, 7, attempt('0xbb'))).toEqual({ kind: 'committed' });
    expect((await direct.journal.read(LANE)).slots[0]?.attempts).toHaveLength(2);
  });

  it('settles with one event and knows the messages that it acknowledged', async () => {
    const { lease, messages } = await direct.submitted('model-1');
    proxy.dropReplies(1);
    expect(await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')])).toEqual([
      { modelId: 'model-1', changed: false, acknowledged: [messages[0]?.lease], detached: [] },
    ]);
    expect(await direct.events()).toHaveLength(1);
  });

  it('gives back the messages of a failed job', async () => {
    const { lease, messages } = await direct.submitted('model-1');
    proxy.dropReplies(1);
    expect(await ledger.jobs.complete({ lease, nonce: 7 }, [failed('model-1')])).toMatchObject([
      { detached: messages },
    ]);
  });
});
