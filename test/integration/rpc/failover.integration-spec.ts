import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Deferred } from '../../support/deferred.js';
import type { FaultRule } from '../../support/rpc/rpc-fault.js';
import { lagBehind, serveChainId, throttleFirst } from '../../support/rpc/fault-rules.js';
import type { RpcProxy } from '../../support/rpc/rpc-proxy.js';
import { until } from '../../support/until.js';
import { RpcPoolFixture } from './rpc-pool.fixture.js';

/** What only work asks for, and no comparison of endpoints does. */
const WORK: ReadonlySet<string> = new Set(['eth_call', 'eth_getBalance', 'eth_getTransactionCount', 'eth_feeHistory']);

function workAt({ calls }: RpcProxy): number {
  return calls.filter(({ method }) => WORK.has(method)).length;
}

describe('Two endpoints', () => {
  let scene: RpcPoolFixture;
  beforeAll(async () => {
    scene = await RpcPoolFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const faults: readonly (readonly [what: string, fault: () => FaultRule, reason: string])[] = [
    ['answers nothing', () => () => 'hang', 'unreachable'],
    ['cuts connections', () => () => 'drop-request', 'unreachable'],
    ['answers 503', () => () => 503, 'erring'],
    ['has faults of its own', () => () => ({ code: -32603, message: 'internal error' }), 'erring'],
    ['throttles', () => throttleFirst(Infinity, 0), 'rate_limited'],
    ['is far behind', () => lagBehind(scene.first.request, 20), 'lagging'],
  ];
  it.each(faults)('are one when the first %s: work goes elsewhere, and it comes back', async (what, fault, reason) => {
    const [during, after] = [`while it ${what}`, `after it ${what}`] as const;
    if (reason === 'lagging') await scene.chain.mine(20);
    const replica = await scene.startWithBoth();
    scene.first.setRule(fault());
    await replica.submit(during);
    await scene.isExcluded(replica, 'north', reason);
    expect(await scene.summarize(replica, [during])).toEqual(scene.deployOnce([during], 1));
    expect((await replica.checkRpc()).status).toBe('degraded');
    scene.first.reset();
    await scene.inService(replica);
    await replica.submit(after);
    expect(await scene.summarize(replica, [during, after])).toEqual(scene.deployOnce([during, after], 2));
    expect(replica.holds.list()).toEqual([]);
  });

  it('lose a time-out for each request under way, and no more, when the one that serves hangs', async () => {
    const replica = await scene.startWithBoth({ RPC_PROBE_INTERVAL: '30', RPC_TIMEOUT: '2' });
    await until('work', () => workAt(scene.first) + workAt(scene.second) > 2);
    const serving = workAt(scene.first) > workAt(scene.second) ? scene.first : scene.second;
    let hung = 0;
    serving.setRule(() => {
      hung += 1;
      return 'hang';
    });
    await replica.submit('hung');
    expect(await scene.summarize(replica, ['hung'])).toEqual(scene.deployOnce(['hung'], 1));
    // The head, the tracker, the submitter and the accounts may each be at a request when it begins.
    expect(hung).toBeLessThan(10);
  });

  it('show no older head after a failover to one that is a little behind', async () => {
    const replica = await scene.startWithBoth({ RPC_MAX_LAG_BLOCKS: '100', RPC_MAX_LAG: '30' });
    await scene.chain.mine(5);
    scene.second.setRule(lagBehind(scene.second.request, 3));
    const head = async (): Promise<number> => (await replica.metrics.chainHeadBlockNumber.get()).values[0]?.value ?? 0;
    const newest = Number(await scene.first.request('eth_blockNumber'));
    await until('the newest block', async () => (await head()) === newest);
    scene.first.setRule(() => 'drop-request');
    await replica.waitForHold('rpc_unavailable');
    const before = workAt(scene.second);
    await replica.submit('patient');
    await until('looks at the second', () => scene.second.count('eth_chainId') > 3);
    expect(await head()).toBe(newest);
    expect(workAt(scene.second)).toBe(before);
    await scene.chain.mine(3);
    await replica.waitForHoldCleared('rpc_unavailable');
    scene.second.reset();
    expect(await scene.summarize(replica, ['patient'])).toEqual(scene.deployOnce(['patient'], 1));
  });

  it('keep out the one that comes back with another chain, and take it when it is right again', async () => {
    const replica = await scene.startWithBoth();
    scene.second.setRule(() => 'drop-request');
    await scene.isExcluded(replica, 'south', 'unreachable');
    scene.second.setRule(serveChainId(1));
    await scene.isExcluded(replica, 'south', 'wrong_chain');
    expect((await replica.checkRpc()).detail).toContain('it serves chain 1');
    expect(scene.chain.log.filter((line) => line.includes('rpc_endpoint.wrong_chain'))).toHaveLength(1);
    expect(replica.exitErrors).toEqual([]);
    await replica.submit('right chain');
    expect(await scene.summarize(replica, ['right chain'])).toEqual(scene.deployOnce(['right chain'], 1));
    expect(scene.second.sentTransactions).toEqual([]);
    scene.second.reset();
    await scene.inService(replica);
  });

  it('do not wait for an endpoint that is slow with a transaction', async () => {
    const gate = new Deferred();
    const replica = await scene.startWithBoth({ RPC_TIMEOUT: '60', RPC_PROBE_INTERVAL: '1' });
    scene.second.addHook('eth_sendRawTransaction', () => gate.promise);
    await replica.submit('slow-1');
    await replica.waitForResult('slow-1');
    // The second is still at the first transaction.
    await replica.submit('slow-2');
    expect(await scene.summarize(replica, ['slow-1', 'slow-2'])).toEqual(scene.deployOnce(['slow-1', 'slow-2'], 2));
    expect(scene.second.sentTransactions).toHaveLength(2);
    gate.resolve();
  });

  it('each get every transaction', async () => {
    const replica = await scene.startWithBoth();
    await replica.submit('everywhere');
    expect(await scene.summarize(replica, ['everywhere'])).toEqual(scene.deployOnce(['everywhere'], 1));
    await until('both to have it', () => scene.second.sentTransactions.length === 1);
    expect(scene.second.sentTransactions).toEqual(scene.first.sentTransactions);
  });

  it('are both tried again when both are aside, and hold the work meanwhile', async () => {
    const replica = await scene.startWithBoth();
    for (const endpoint of [scene.first, scene.second]) endpoint.setRule(() => 503);
    await replica.waitForHold('rpc_unavailable');
    await replica.submit('both');
    await scene.isExcluded(replica, 'north', 'erring');
    await scene.isExcluded(replica, 'south', 'erring');
    expect(await replica.slots()).toEqual([]);
    for (const endpoint of [scene.first, scene.second]) endpoint.reset();
    await replica.waitForHoldCleared('rpc_unavailable');
    expect(await scene.summarize(replica, ['both'])).toEqual(scene.deployOnce(['both'], 1));
  });
});
