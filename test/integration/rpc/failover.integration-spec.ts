import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Gate } from '../../support/gate.js';
import type { Judge } from '../../support/rpc-fault-rules.js';
import { lags, servesChain, throttles } from '../../support/rpc-faults.js';
import type { RpcProxy } from '../../support/rpc-proxy.js';
import { until } from '../../support/until.js';
import { RpcScene } from './rpc-scene.js';

/** What only work asks for, and no comparison of endpoints does. */
const WORK: ReadonlySet<string> = new Set(['eth_call', 'eth_getBalance', 'eth_getTransactionCount', 'eth_feeHistory']);

function workAt({ seen }: RpcProxy): number {
  return seen.filter(({ method }) => WORK.has(method)).length;
}

describe('Two endpoints', () => {
  let scene: RpcScene;
  beforeAll(async () => {
    scene = await RpcScene.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const faults: readonly (readonly [what: string, fault: () => Judge, reason: string])[] = [
    ['answers nothing', () => () => 'hang', 'unreachable'],
    ['cuts connections', () => () => 'drop-request', 'unreachable'],
    ['answers 503', () => () => 503, 'erring'],
    ['has faults of its own', () => () => ({ code: -32603, message: 'internal error' }), 'erring'],
    ['throttles', () => throttles(Infinity, 0), 'rate_limited'],
    ['is far behind', () => lags(scene.first.ask, 20), 'lagging'],
  ];
  it.each(faults)('are one when the first %s: work goes elsewhere, and it comes back', async (what, fault, reason) => {
    const [during, after] = [`while it ${what}`, `after it ${what}`] as const;
    if (reason === 'lagging') await scene.chain.mine(20);
    const replica = await scene.withBoth();
    scene.first.decide(fault());
    await replica.submit(during);
    await scene.aside(replica, 'north', reason);
    expect(await scene.account(replica, [during])).toEqual(scene.once([during], 1));
    expect((await replica.chainHealth()).status).toBe('degraded');
    scene.first.heal();
    await scene.inService(replica);
    await replica.submit(after);
    expect(await scene.account(replica, [during, after])).toEqual(scene.once([during, after], 2));
    expect(replica.holds.list()).toEqual([]);
  });

  it('lose a time-out for each request under way, and no more, when the one that serves hangs', async () => {
    const replica = await scene.withBoth({ RPC_PROBE_INTERVAL: '30' });
    await until('work', () => workAt(scene.first) + workAt(scene.second) > 2);
    const serving = workAt(scene.first) > workAt(scene.second) ? scene.first : scene.second;
    let hung = 0;
    serving.decide(() => {
      hung += 1;
      return 'hang';
    });
    await replica.submit('hung');
    expect(await scene.account(replica, ['hung'])).toEqual(scene.once(['hung'], 1));
    // The head, the tracker, the submitter and the accounts may each be at a request when it begins.
    expect(hung).toBeLessThan(10);
  });

  it('show no older head after a failover to one that is a little behind', async () => {
    const replica = await scene.withBoth({ RPC_MAX_LAG_BLOCKS: '100', RPC_MAX_LAG: '30' });
    await scene.chain.mine(5);
    scene.second.decide(lags(scene.second.ask, 3));
    const head = async (): Promise<number> => (await replica.metrics.chainHeadBlockNumber.get()).values[0]?.value ?? 0;
    const newest = Number(await scene.first.ask('eth_blockNumber'));
    await until('the newest block', async () => (await head()) === newest);
    scene.first.decide(() => 'drop-request');
    await replica.held('rpc_unavailable');
    const before = workAt(scene.second);
    await replica.submit('patient');
    await until('looks at the second', () => scene.second.count('eth_chainId') > 3);
    expect(await head()).toBe(newest);
    expect(workAt(scene.second)).toBe(before);
    await scene.chain.mine(3);
    await replica.lifted('rpc_unavailable');
    scene.second.heal();
    expect(await scene.account(replica, ['patient'])).toEqual(scene.once(['patient'], 1));
  });

  it('keep out the one that comes back with another chain, and take it when it is right again', async () => {
    const replica = await scene.withBoth();
    scene.second.decide(() => 'drop-request');
    await scene.aside(replica, 'south', 'unreachable');
    scene.second.decide(servesChain(1));
    await scene.aside(replica, 'south', 'wrong_chain');
    expect((await replica.chainHealth()).detail).toContain('it serves chain 1');
    expect(scene.chain.log.filter((line) => line.includes('serves another chain and is kept out'))).toHaveLength(1);
    expect(replica.refused).toEqual([]);
    await replica.submit('right chain');
    expect(await scene.account(replica, ['right chain'])).toEqual(scene.once(['right chain'], 1));
    expect(scene.second.sent).toEqual([]);
    scene.second.heal();
    await scene.inService(replica);
  });

  it('wait for nobody who is slow with a transaction', async () => {
    const gate = new Gate();
    const replica = await scene.withBoth({ RPC_TIMEOUT: '60', RPC_PROBE_INTERVAL: '1' });
    scene.second.before('eth_sendRawTransaction', () => gate.opened);
    await replica.submit('slow-1');
    await replica.verdict('slow-1');
    // The second is still at the first transaction.
    await replica.submit('slow-2');
    expect(await scene.account(replica, ['slow-1', 'slow-2'])).toEqual(scene.once(['slow-1', 'slow-2'], 2));
    expect(scene.second.sent).toHaveLength(2);
    gate.open();
  });

  it('each get every transaction', async () => {
    const replica = await scene.withBoth();
    await replica.submit('everywhere');
    expect(await scene.account(replica, ['everywhere'])).toEqual(scene.once(['everywhere'], 1));
    await until('both to have it', () => scene.second.sent.length === 1);
    expect(scene.second.sent).toEqual(scene.first.sent);
  });

  it('are both tried again when both are aside, and hold the work meanwhile', async () => {
    const replica = await scene.withBoth();
    for (const endpoint of [scene.first, scene.second]) endpoint.decide(() => 503);
    await replica.held('rpc_unavailable');
    await replica.submit('both');
    await scene.aside(replica, 'north', 'erring');
    await scene.aside(replica, 'south', 'erring');
    expect(await replica.slots()).toEqual([]);
    for (const endpoint of [scene.first, scene.second]) endpoint.heal();
    await replica.lifted('rpc_unavailable');
    expect(await scene.account(replica, ['both'])).toEqual(scene.once(['both'], 1));
  });
});
