import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEPLOYER_ROLE } from '#contracts';
import type { Attempt, Slot } from '#core';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { until } from '../../support/until.js';

const ENOUGH = '0x3635c9adc5dea00000';

function newest(slot: Slot | undefined): Attempt {
  const attempt = slot?.attempts.at(-1);
  if (attempt === undefined) throw new Error('the slot has no attempt');
  return attempt;
}

describe('HoldRegistry', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const baseFee = async (gwei: number): Promise<void> => {
    await chain.anvil.request('anvil_setNextBlockBaseFeePerGas', [`0x${(gwei * 1e9).toString(16)}`]);
    await chain.mine();
  };

  /** The job waits, and nothing else has happened. */
  const expectHeldBack = async (replica: ChainReplica, modelId: string): Promise<void> => {
    expect(replica.results.results).toEqual([]);
    expect(await replica.slots()).toEqual([]);
    expect(await replica.jobs.find(modelId)).toMatchObject({ state: 'admitted', attempts: [] });
    expect(chain.proxy.sentTransactions).toEqual([]);
  };

  it('journals nothing while gas costs more than the cap, and resumes automatically', async () => {
    await baseFee(500);
    const replica = await chain.startReplica({ MAX_FEE_PER_GAS_GWEI: '200' });
    await replica.submit('dear');
    expect(await replica.waitForHold('fee_above_cap')).toMatch(/^gas costs 50\d(\.\d+)? gwei, the cap is 200\.0 gwei$/);
    await expectHeldBack(replica, 'dear');
    await baseFee(1);
    expect(await replica.waitForResult('dear')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('fee_above_cap');
  });

  it('journals nothing while the wallet is empty, and resumes automatically', async () => {
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, '0x0']);
    const replica = await chain.startReplica();
    await replica.submit('poor');
    expect(await replica.waitForHold('insufficient_funds')).toMatch(
      new RegExp(`^${chain.deployer.address} holds 0\\.0 ether and needs 0\\.0\\d+$`),
    );
    await expectHeldBack(replica, 'poor');
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, ENOUGH]);
    expect(await replica.waitForResult('poor')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('insufficient_funds');
  });

  it.each([
    ['the OP stack', '0x420000000000000000000000000000000000000F'],
    ['Scroll', '0x5300000000000000000000000000000000000002'],
  ])('counts the fee that %s charges for the bytes on L1', async (rollup, oracle) => {
    // Returns 2,000 ether to any call.
    const fee = (2_000n * 10n ** 18n).toString(16).padStart(64, '0');
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, ENOUGH]);
    await chain.anvil.request('anvil_setCode', [oracle, `0x7f${fee}60005260206000f3`]);
    const replica = await chain.startReplica();
    await replica.submit(rollup);
    expect(await replica.waitForHold('insufficient_funds')).toMatch(/needs 2000\.\d+$/);
    await expectHeldBack(replica, rollup);
    await chain.anvil.request('anvil_setCode', [oracle, `0x7f${'0'.repeat(64)}60005260206000f3`]);
    expect(await replica.waitForResult(rollup)).toMatchObject({ kind: 'deployed' });
    await chain.anvil.request('anvil_setCode', [oracle, '0x']);
  });

  it('counts the fee on L1 of every transaction on its way', async () => {
    const [oracle, fee] = ['0x420000000000000000000000000000000000000F', 10n ** 18n];
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, `0x${((fee * 3n) / 2n).toString(16)}`]);
    await chain.anvil.request('anvil_setCode', [oracle, `0x7f${fee.toString(16).padStart(64, '0')}60005260206000f3`]);
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    await replica.submit('one fee');
    await replica.waitForOpenSlots(1);
    await replica.submit('two fees');
    expect(await replica.waitForHold('insufficient_funds')).toMatch(/needs (1\.9|2\.0)\d*$/);
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, ENOUGH]);
    await replica.waitForOpenSlots(2);
    await chain.anvil.request('anvil_setCode', [oracle, '0x']);
  });

  it('counts what transactions on their way may still cost', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    await replica.submit('promised');
    const [slot] = await replica.waitForOpenSlots(1);
    const { gasLimit, maxFeePerGas } = newest(slot);
    const cost = gasLimit * maxFeePerGas;
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, `0x${((cost * 3n) / 2n).toString(16)}`]);
    await replica.submit('unpaid');
    await replica.waitForHold('insufficient_funds');
    expect(await replica.slots()).toHaveLength(1);
    await chain.anvil.request('anvil_setBalance', [chain.deployer.address, ENOUGH]);
    await replica.waitForOpenSlots(2);
    await chain.waitForMempool(2);
    await chain.mine();
    expect(await replica.waitForResult('unpaid')).toMatchObject({ kind: 'deployed' });
  });

  it('deploys what the budget is enough for, and the rest when an operator raises it', async () => {
    const models = Array.from({ length: 12 }, (_, index) => `budgeted-${index}`);
    const [budget, later] = [10n ** 15n, 10n ** 18n];
    await baseFee(1);
    // At 3 gwei and about 75,000 gas a token, enough for some of them.
    const replica = await chain.startReplica({ SPEND_PER_HOUR_ETHER: '1', MIN_PRIORITY_FEE_PER_GAS_GWEI: '1' });
    await replica.setHourlyBudget(budget);
    await replica.submit(...models);
    // Until the first transactions are final, the hold waits for them and not for the end of the hour.
    const { spent } = await until('the end of the first transactions', async () => {
      await replica.waitForHold('budget_spent');
      const window = (await replica.spending.read()).windows.ether_per_hour;
      return window.reserved === 0n && window.spent > 0n && window;
    });
    expect(spent).toBeLessThanOrEqual(budget);
    expect(
      await until('a hold with its end', async () => {
        const detail = await replica.waitForHold('budget_spent');
        return detail.includes('ends at') && detail;
      }),
    ).toMatch(/^SPEND_PER_HOUR_ETHER: .* of 0\.001 ether, .* is enough for \d+ tokens, ends at 20/);
    const made = replica.results.results.length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(models.length);
    expect(replica.results.results.every(({ kind }) => kind === 'deployed')).toBe(true);
    expect(await replica.jobs.find('budgeted-11')).toMatchObject({ state: 'admitted', attempts: [] });
    await replica.setHourlyBudget(later);
    for (const model of models) expect(await replica.waitForResult(model)).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('budget_spent');
  });

  it('reserves twice the L1 data fee of a rollup beside the gas, until the receipt has the cost', async () => {
    const oracle = '0x420000000000000000000000000000000000000F';
    const fee = 10n ** 15n;
    // Returns the fee for any call.
    const code = `0x7f${fee.toString(16).padStart(64, '0')}60005260206000f3`;
    await chain.anvil.request('anvil_setCode', [oracle, code]);
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ SPEND_PER_HOUR_ETHER: '1' });
    await replica.submit('on a rollup');
    await chain.waitForMempool(1);
    const [slot] = await replica.slots();
    const { gasLimit, maxFeePerGas } = slot?.attempts[0] ?? { gasLimit: 0n, maxFeePerGas: 0n };
    const hour = async () => (await replica.spending.read()).windows.ether_per_hour;
    expect((await hour()).reserved / 10n ** 9n).toBe((gasLimit * maxFeePerGas + 2n * fee + 10n ** 9n - 1n) / 10n ** 9n);
    await chain.setAutomine(true);
    await chain.mine();
    await replica.waitForResult('on a rollup');
    expect((await hour()).reserved).toBe(0n);
    expect((await hour()).spent).toBeLessThan(gasLimit * maxFeePerGas);
    await chain.anvil.request('anvil_setCode', [oracle, '0x']);
  });

  it('deploys nothing that needs more gas than a token may', async () => {
    const replica = await chain.startReplica({ MAX_GAS_PER_TOKEN: '50000' });
    await replica.submit('greedy for gas');
    expect(await replica.waitForHold('budget_spent')).toMatch(/^MAX_GAS_PER_TOKEN: .* the maximum is 50000$/);
    await expectHeldBack(replica, 'greedy for gas');
  });

  it('names the methods of both figures while a transaction needs more gas than a block has', async () => {
    chain.proxy.setRule(({ method }) =>
      method === 'eth_getBlockByNumber'
        ? { altered: (block) => ({ ...(block as object), gasLimit: '0x5208' }) }
        : 'forward',
    );
    const replica = await chain.startReplica();
    await replica.submit('too large');
    expect(await replica.waitForHold('rpc_unavailable')).toMatch(
      /^a transaction needs \d+ gas \(eth_estimateGas, eth_simulateV1\), the limit is 21000 \(eth_getBlockByNumber, .* on rpc-1$/,
    );
    await expectHeldBack(replica, 'too large');
    chain.proxy.reset();
    await chain.mine();
    expect(await replica.waitForResult('too large')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('rpc_unavailable');
  });

  it('fails nothing while the role is taken away, and goes on when it is back', async () => {
    const replica = await chain.startReplica();
    await until('the lane', () => replica.holds.list().length === 0);
    await chain.sendAsAdmin('revokeRole', DEPLOYER_ROLE, chain.deployer.address);
    await replica.submit('forbidden', 'forbidden-too');
    expect(await replica.waitForHold('deployer_not_authorised')).toContain(chain.deployer.address);
    await expectHeldBack(replica, 'forbidden');
    await chain.sendAsAdmin('grantRole', DEPLOYER_ROLE, chain.deployer.address);
    expect(await replica.waitForResult('forbidden')).toMatchObject({ kind: 'deployed' });
    expect(await replica.waitForResult('forbidden-too')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('deployer_not_authorised');
  });

  it('consumes no retry when the role is revoked while a transaction is pending', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica();
    await replica.submit('overtaken');
    await chain.waitForMempool(1);
    await chain.frontRunAsAdmin('revokeRole', DEPLOYER_ROLE, chain.deployer.address);
    expect(await replica.waitForHold('deployer_not_authorised')).toContain(chain.deployer.address);
    expect(replica.results.results).toEqual([{ kind: 'returned', modelId: 'overtaken' }]);
    await chain.setAutomine(true);
    await chain.sendAsAdmin('grantRole', DEPLOYER_ROLE, chain.deployer.address);
    expect(await until('the token', () => replica.results.results.at(1))).toMatchObject({ kind: 'deployed' });
  });

  it('opens the circuit breaker when transactions fail, and recovers with one probe after the cool-down', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ CIRCUIT_FAILURES: '2', CIRCUIT_COOL_DOWN: '4' });
    await replica.submit('reverted');
    await chain.waitForMempool(1);
    await replica.submit('reverted-too');
    await chain.waitForMempool(2);
    await chain.frontRunAsAdmin('revokeRole', DEPLOYER_ROLE, chain.deployer.address);
    await replica.waitForHold('deployer_not_authorised');
    await chain.setAutomine(true);
    await chain.sendAsAdmin('grantRole', DEPLOYER_ROLE, chain.deployer.address);
    expect(await replica.waitForHold('circuit_open')).toMatch(
      /^CIRCUIT_FAILURES: 2 of the last 2 transactions failed, open since 20.*, one transaction is let through from 20/,
    );
    await replica.waitForHoldCleared('circuit_open');
    await until('both tokens', () => replica.results.results.filter(({ kind }) => kind === 'deployed').length === 2);
    expect((await replica.spending.read()).circuit).toBeNull();
  });

  it.each([
    ['breaks connections', 'drop-request'],
    ['answers 503', 503],
    ['throttles', { code: -32005, message: 'rate limit exceeded' }],
  ] as const)('fails nothing while the endpoint %s, and goes on when it is back', async (what, fate) => {
    const replica = await chain.startReplica();
    await until('the lane', () => replica.holds.list().length === 0);
    chain.proxy.setRule(() => fate);
    await replica.submit(`outage: ${what}`);
    expect(await replica.waitForHold('rpc_unavailable')).toMatch(/^eth_getBlockByNumber.* rpc-1/);
    await expectHeldBack(replica, `outage: ${what}`);
    chain.proxy.reset();
    expect(await replica.waitForResult(`outage: ${what}`)).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('rpc_unavailable');
    expect((await chain.tokens.find(`outage: ${what}`))?.deployments).toBe(1);
  });

  it('survives a node that stops answering in the middle of a transaction', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ RPC_TIMEOUT: '0.3' });
    await replica.submit('frozen');
    await chain.waitForMempool(1);
    chain.anvil.signal('SIGSTOP');
    await replica.waitForHold('rpc_unavailable').finally(() => chain.anvil.signal('SIGCONT'));
    await replica.waitForHoldCleared('rpc_unavailable');
    expect(await replica.slots()).toHaveLength(1);
    await chain.mine();
    expect(await replica.waitForResult('frozen')).toMatchObject({ kind: 'deployed' });
    expect((await chain.tokens.find('frozen'))?.deployments).toBe(1);
  });

  it('halves the batch when a node runs out of gas in the simulation, and remembers the size', async () => {
    let outOfGas = 0;
    let longest = Infinity;
    chain.proxy.setRule(({ method, params }) => {
      if (method === 'eth_simulateV1') return { code: -32601, message: 'the method does not exist' };
      if (method !== 'eth_call' && method !== 'eth_estimateGas') return 'forward';
      const { length } = String((params[0] as { data?: string }).data);
      // The first batch is the longest: a fourth of it passes, a half does not.
      if (length > 1_500 && longest === Infinity) longest = length * 0.4;
      if (length <= longest) return 'forward';
      outOfGas += 1;
      return { code: -32000, message: 'out of gas' };
    });
    const replica = await chain.startReplica();
    await until('the lane', () => replica.holds.list().length === 0);
    const models = Array.from({ length: 8 }, (_, index) => `capped-${index}`);
    await replica.submit(...models);
    for (const model of models) expect(await replica.waitForResult(model)).toMatchObject({ kind: 'deployed' });
    // Eight jobs in the call and in the estimate that it is compared with, then four.
    expect(outOfGas).toBe(3);
  });

  it('shows the hold of a simulation that even one job does not pass, and goes on', async () => {
    const replica = await chain.startReplica();
    await until('the lane', () => replica.holds.list().length === 0);
    chain.proxy.setRule(({ method }) => {
      if (method === 'eth_simulateV1') return { code: -32601, message: 'the method does not exist' };
      return method === 'eth_call' ? { code: -32000, message: 'out of gas' } : 'forward';
    });
    await replica.submit('greedy');
    expect(await replica.waitForHold('rpc_unavailable')).toContain('out of gas');
    await expectHeldBack(replica, 'greedy');
    chain.proxy.reset();
    expect(await replica.waitForResult('greedy')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('rpc_unavailable');
  });

  it('keeps one transaction in flight for a signer that gets code, and says so', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_SIZE: '1' });
    await until('the lane', () => replica.holds.list().length === 0);
    await chain.anvil.request('anvil_setCode', [chain.deployer.address, `0xef0100${'ab'.repeat(20)}`]);
    try {
      await until('the health of the lanes', async () =>
        (await replica.checkLanes()).detail?.includes('has code (EIP-7702): one transaction in flight'),
      );
      await replica.submit('first', 'second');
      await chain.waitForMempool(1);
      const polls = chain.proxy.count('eth_getBlockByNumber');
      await until('ten more polls', () => chain.proxy.count('eth_getBlockByNumber') > polls + 10);
      expect(await replica.slots()).toHaveLength(1);
      await chain.mine();
      await until('the second in flight', async () => (await replica.jobs.find('second'))?.state === 'submitted');
    } finally {
      await chain.anvil.request('anvil_setCode', [chain.deployer.address, '0x']);
      await chain.setAutomine(true);
    }
  });

  it('fails nothing while the node does not estimate gas, and never guesses it', async () => {
    const replica = await chain.startReplica();
    let refused = 0;
    chain.proxy.setRule(({ method }) => {
      if (method !== 'eth_estimateGas') return 'forward';
      refused += 1;
      return { code: -32000, message: 'internal failure' };
    });
    await replica.submit('unestimated');
    await until('two tries', () => refused >= 2);
    await expectHeldBack(replica, 'unestimated');
    chain.proxy.reset();
    expect(await replica.waitForResult('unestimated')).toMatchObject({ kind: 'deployed' });
  });

  it('keeps a finding that cannot be settled until it can', async () => {
    const replica = await chain.startReplica();
    let failures = 3;
    replica.results.before = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('Redis is away');
    };
    await replica.submit('unsettled');
    expect(await replica.waitForResult('unsettled')).toMatchObject({ kind: 'deployed' });
    expect(await replica.eventModelIds()).toEqual(['unsettled']);
    expect(failures).toBeLessThan(0);
  });
});
