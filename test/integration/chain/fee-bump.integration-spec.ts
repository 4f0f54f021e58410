import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { until } from '../../support/until.js';

const GWEI = 1_000_000_000n;

/** The rule of geth's pool (`--txpool.pricebump`), and what the service promises beyond it. */
function expectBump(earlier: Transaction, later: Transaction): void {
  for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
    const [before, after] = [earlier[fee] ?? 0n, later[fee] ?? 0n];
    expect(after).toBeGreaterThanOrEqual(before + before / 8n + 1n);
  }
  expect(later.maxPriorityFeePerGas).toBeLessThanOrEqual(later.maxFeePerGas ?? 0n);
}

describe('Replacement of a transaction that is not mined', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  // What a replacement paid is no market for the next test.
  beforeEach(() => chain.mine(20));
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('is journalled before it is sent, offers enough more, and one receipt settles the slot', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ REPLACE_AFTER: '0.3' });
    const journalled: boolean[] = [];
    chain.proxy.addHook('eth_sendRawTransaction', async ([raw]) => {
      const [slot] = await replica.slots();
      journalled.push(slot?.attempts.at(-1)?.raw === raw);
    });
    await replica.submit('bumped');
    await until('two replacements', () => new Set(chain.proxy.sentTransactions).size >= 3);
    const attempts = [...new Set(chain.proxy.sentTransactions)].map((raw) => Transaction.from(raw));
    for (const [index, attempt] of attempts.entries()) {
      const previous = attempts[index - 1];
      if (previous === undefined) continue;
      expectBump(previous, attempt);
      const { to, data, nonce, gasLimit, from } = previous;
      expect(attempt).toMatchObject({ to, data, nonce, gasLimit, from });
    }
    await chain.mine();
    expect(await replica.waitForResult('bumped')).toMatchObject({ kind: 'deployed' });
    expect(journalled).not.toContain(false);
    expect(await replica.slots()).toEqual([]);
    const job = await replica.jobs.find('bumped');
    expect(job?.attempts.map(({ hash }) => hash)).toEqual(
      [...new Set(chain.proxy.sentTransactions)].map((raw) => Transaction.from(raw).hash),
    );
    expect((await chain.tokens.find('bumped'))?.deployments).toBe(1);
    expect(await replica.eventModelIds()).toEqual(['bumped']);
  });

  it.each([
    'transaction underpriced: gas tip cap 1, minimum needed 1000',
    'max fee per gas less than block base fee: address 0x00, maxFeePerGas: 1, baseFee: 2',
    'replacement transaction underpriced',
  ])('comes at once when a node refuses what was offered: %s', async (message) => {
    const refused = new Set<unknown>();
    chain.proxy.setRule(({ method, params: [raw] }) => {
      if (method !== 'eth_sendRawTransaction' || refused.size > 0) return refused.has(raw) ? 'drop-request' : 'forward';
      refused.add(raw);
      return { code: -32000, message };
    });
    const replica = await chain.startReplica({ REPLACE_AFTER: '600' });
    await replica.submit(message);
    expect(await replica.waitForResult(message)).toMatchObject({ kind: 'deployed' });
    expect((await replica.jobs.find(message))?.attempts).toHaveLength(2);
    const { values } = await replica.metrics.transactionReplacementsTotal.get();
    expect(values.find(({ labels }) => labels.reason === 'too_cheap')?.value).toBe(1);
  });

  it('waits for the budget, while the same bytes are sent again', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ REPLACE_AFTER: '2' });
    await replica.submit('unaffordable');
    const [slot] = await replica.waitForOpenSlots(1);
    const { gasLimit = 0n, maxFeePerGas = 0n, raw } = slot?.attempts[0] ?? {};
    await replica.setHourlyBudget(gasLimit * maxFeePerGas);
    await replica.waitForHold('budget_spent');
    await chain.anvil.request('anvil_dropAllTransactions');
    await chain.hurry(until('the same bytes', () => chain.proxy.sentTransactions.length >= 2));
    expect(new Set(chain.proxy.sentTransactions)).toEqual(new Set([raw]));
    await replica.setHourlyBudget(null);
    await chain.hurry(until('a replacement', () => new Set(chain.proxy.sentTransactions).size >= 2));
    await chain.mine();
    expect(await replica.waitForResult('unaffordable')).toMatchObject({ kind: 'deployed' });
  });

  it('settles the slot when an earlier attempt is the one that was mined', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ REPLACE_AFTER: '0.3' });
    // The node never hears of a replacement.
    let first: unknown = null;
    chain.proxy.setRule(({ method, params }) => {
      if (method !== 'eth_sendRawTransaction') return 'forward';
      first ??= params[0];
      return params[0] === first ? 'forward' : 'drop-request';
    });
    await replica.submit('earlier');
    await until('a replacement', async () => (await replica.slots())[0]?.attempts.length === 2);
    await chain.mine();
    expect(await replica.waitForResult('earlier')).toMatchObject({
      kind: 'deployed',
      token: { transactionHash: Transaction.from(String(first)).hash },
    });
    expect(await replica.slots()).toEqual([]);
  });

  it('replaces only the lowest nonce: the others wait for nothing but that', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ REPLACE_AFTER: '0.3', BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    await replica.submit('lowest', 'higher', 'highest');
    const slots = await until('two replacements', async () => {
      const open = await replica.slots();
      return (open[0]?.attempts.length ?? 0) >= 3 && open;
    });
    expect(slots.slice(1).map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });

  it('never offers more than the cap, and keeps sending what it has', async () => {
    await chain.setAutomine(false);
    const cap = { MAX_FEE_PER_GAS_GWEI: '4', MAX_PRIORITY_FEE_PER_GAS_GWEI: '1' };
    const replica = await chain.startReplica({ REPLACE_AFTER: '0.2', ...cap });
    await replica.submit('capped');
    await until('a replacement refused', () => chain.log.some((line) => line.includes('fee_bump.postponed')));
    const fees = (await replica.slots())[0]?.attempts.map(({ maxFeePerGas }) => maxFeePerGas) ?? [];
    expect(fees.every((fee) => fee <= 4n * GWEI)).toBe(true);
    await chain.anvil.request('anvil_dropAllTransactions');
    await chain.waitForMempool(1);
    expect(new Set(chain.proxy.sentTransactions).size).toBe(fees.length);
    await chain.mine();
    expect(await replica.waitForResult('capped')).toMatchObject({ kind: 'deployed' });
  });
});
