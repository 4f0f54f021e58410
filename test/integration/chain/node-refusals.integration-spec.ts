import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import type { RpcFault, FaultRule } from '../../support/rpc/rpc-fault.js';
import { until } from '../../support/until.js';

const GWEI = 1_000_000_000n;
const ETHER = 10n ** 18n;

/** Answers every transaction that `refusal` has words for with these, and says that tips are `tip` wei. */
function refuse(refusal: (transaction: Transaction) => string | null, tip = GWEI): FaultRule {
  return ({ method, params: [raw] }): RpcFault => {
    const hex = `0x${tip.toString(16)}`;
    if (method === 'eth_maxPriorityFeePerGas') return { result: hex };
    if (method === 'eth_feeHistory') return { result: { gasUsedRatio: [0, 0.5], reward: [['0x0'], [hex]] } };
    if (method !== 'eth_sendRawTransaction') return 'forward';
    const message = refusal(Transaction.from(String(raw)));
    return message === null ? 'forward' : { code: -32000, message };
  };
}

const tipBelow = (minimum: bigint) => (transaction: Transaction) =>
  (transaction.maxPriorityFeePerGas ?? 0n) < minimum
    ? `transaction underpriced: gas tip cap ${transaction.maxPriorityFeePerGas}, minimum needed ${minimum}`
    : null;

const costAbove = (limit: bigint, words: string) => (transaction: Transaction) =>
  transaction.gasLimit * (transaction.maxFeePerGas ?? 0n) > limit ? words : null;

function expectNoFailure(replica: ChainReplica): void {
  expect(replica.results.results.filter(({ kind }) => kind === 'failed')).toEqual([]);
}

describe('A transaction that the nodes refuse', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  beforeEach(() => chain.mine(20));
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  /** Each different one that was sent, oldest first. */
  const attempts = (): readonly Transaction[] =>
    [...new Set(chain.proxy.sentTransactions)].map((raw) => Transaction.from(raw));
  const baseFee = async (): Promise<bigint> => {
    const block = (await chain.anvil.request('eth_getBlockByNumber', ['latest', false])) as { baseFeePerGas: string };
    return BigInt(block.baseFeePerGas);
  };

  describe('for its tip', () => {
    it('is signed once where the market pays what the nodes ask for', async () => {
      chain.proxy.setRule(refuse(tipBelow(25n * GWEI), 30n * GWEI));
      const replica = await chain.startReplica({ MAX_PRIORITY_FEE_PER_GAS_GWEI: '50' });
      await replica.submit('market');
      await replica.waitForResult('market');
      expect(attempts()).toMatchObject([{ maxPriorityFeePerGas: 30n * GWEI }]);
    });

    it('gets what the nodes name at once, and no higher fee cap than that', async () => {
      chain.proxy.setRule(refuse(tipBelow(25n * GWEI)));
      const replica = await chain.startReplica({ MAX_PRIORITY_FEE_PER_GAS_GWEI: '50' });
      const highest = 2n * (await baseFee()) + 25n * GWEI;
      await replica.submit('named', 'named-too');
      await replica.waitForResult('named');
      const [first, second, ...others] = attempts();
      expect(others).toEqual([]);
      expect(second).toMatchObject({ nonce: first?.nonce, data: first?.data, maxPriorityFeePerGas: 25n * GWEI });
      expect(second?.maxFeePerGas).toBeLessThanOrEqual(highest);
      // The learned minimum also applies to the next transaction.
      await replica.submit('next');
      await replica.waitForResult('next');
      expect(attempts()).toHaveLength(3);
    });

    it('gets more by and by where they name nothing', async () => {
      chain.proxy.setRule(
        refuse((transaction) => (tipBelow(25n * GWEI)(transaction) === null ? null : 'transaction underpriced')),
      );
      const replica = await chain.startReplica({ MAX_PRIORITY_FEE_PER_GAS_GWEI: '50' });
      await replica.submit('unnamed');
      await replica.waitForResult('unnamed');
      expect(attempts().length).toBeLessThanOrEqual(4);
    });

    it('is not signed while the market is above the maximum, which a hold says with both figures', async () => {
      chain.proxy.setRule(refuse(tipBelow(25n * GWEI), 30n * GWEI));
      const replica = await chain.startReplica();
      await replica.submit('dear');
      expect(await replica.waitForHold('fee_above_cap')).toBe('the priority fee is 30.0 gwei, the maximum is 2.0 gwei');
      expect(chain.proxy.sentTransactions).toEqual([]);
      chain.proxy.reset();
      await replica.waitForResult('dear');
      await replica.waitForHoldCleared('fee_above_cap');
    });

    it('holds with both figures where the nodes name more than the maximum, and goes on when they do not', async () => {
      chain.proxy.setRule(refuse(tipBelow(25n * GWEI)));
      const replica = await chain.startReplica();
      await replica.submit('demanding');
      expect(await replica.waitForHold('fee_above_cap')).toBe('the priority fee is 25.0 gwei, the maximum is 2.0 gwei');
      expect(attempts()).toHaveLength(1);
      chain.proxy.reset();
      await replica.waitForResult('demanding');
      await replica.waitForHoldCleared('fee_above_cap');
      expectNoFailure(replica);
    });
  });

  describe('for its gas', () => {
    it('is estimated again and signed anew at the same nonce, for no higher fee', async () => {
      let needed = 0n;
      chain.proxy.setRule((call) => {
        if (call.method === 'eth_simulateV1')
          return { code: -32601, message: 'the method eth_simulateV1 does not exist' };
        if (call.method === 'eth_estimateGas' && needed > 0n) return { result: `0x${needed.toString(16)}` };
        return refuse(({ gasLimit }) => {
          needed = needed === 0n ? gasLimit + 60_000n : needed;
          return gasLimit < needed ? 'intrinsic gas too low' : null;
        })(call);
      });
      const replica = await chain.startReplica();
      await replica.submit('l1-price');
      await replica.waitForResult('l1-price');
      const [first, second, ...others] = attempts();
      expect(others).toEqual([]);
      expect(second).toMatchObject({ nonce: first?.nonce, maxPriorityFeePerGas: first?.maxPriorityFeePerGas });
      expect(second?.gasLimit).toBe((needed * 110n) / 100n);
      expect(second?.maxFeePerGas).toBeLessThanOrEqual(first?.maxFeePerGas ?? 0n);
      expect((await replica.jobs.find('l1-price'))?.attempts).toHaveLength(2);
    });

    it('gets what the nodes name, and half as much again where estimates stay too low', async () => {
      chain.proxy.setRule(
        refuse(({ gasLimit }) =>
          gasLimit < 200_000n ? `intrinsic gas too low: gas ${gasLimit}, minimum needed 200000` : null,
        ),
      );
      const replica = await chain.startReplica();
      await replica.submit('named-gas');
      await replica.waitForResult('named-gas');
      expect(
        attempts()
          .map(({ gasLimit }) => gasLimit)
          .slice(1),
      ).toEqual([220_000n]);
      chain.proxy.setRule(refuse(({ gasLimit }) => (gasLimit < 200_000n ? 'out of gas' : null)));
      await replica.submit('unnamed-gas');
      await replica.waitForResult('unnamed-gas');
      expect(attempts().at(-1)?.gasLimit).toBeGreaterThan(200_000n);
    });

    it('carries fewer jobs where it asks for too much, and the others follow', async () => {
      const cap = 400_000n;
      chain.proxy.setRule(
        refuse(({ gasLimit }) =>
          gasLimit > cap ? `transaction gas limit too high (cap: ${cap}, tx: ${gasLimit})` : null,
        ),
      );
      const replica = await chain.startReplica();
      const models = Array.from({ length: 12 }, (_, index) => `many-${index}`);
      await replica.submit(...models);
      for (const model of models) await replica.waitForResult(model);
      await until('no open slot', async () => (await replica.slots()).length === 0);
      for (const model of models) {
        expect((await chain.tokens.find(model))?.deployments).toBe(1);
        expect((await replica.jobs.find(model))?.state).toBe('deployed');
      }
      expect((await replica.eventModelIds()).toSorted()).toEqual(models.toSorted());
      expectNoFailure(replica);
    });

    it('has enough of it where a node estimates a third too little', async () => {
      chain.proxy.setRule(({ method }) => {
        if (method === 'eth_simulateV1') return { code: -32601, message: 'the method eth_simulateV1 does not exist' };
        if (method !== 'eth_estimateGas') return 'forward';
        return { altered: (gas) => `0x${((BigInt(String(gas)) * 2n) / 3n).toString(16)}` };
      });
      const replica = await chain.startReplica();
      await replica.submit('liar-1', 'liar-2', 'liar-3');
      for (const model of ['liar-1', 'liar-2', 'liar-3'])
        expect(await replica.waitForResult(model)).toMatchObject({ kind: 'deployed' });
      expect(attempts()).toHaveLength(1);
    });

    it('fails no message when it runs out of gas, and is prepared again with more', async () => {
      let short = 1;
      chain.proxy.setRule(({ method }) => {
        if (method !== 'eth_getTransactionReceipt') return 'forward';
        return {
          altered: (receipt) => {
            const [sent] = attempts();
            if (receipt === null || !sent || short === 0) return receipt;
            return { ...(receipt as object), status: '0x0', gasUsed: `0x${sent.gasLimit.toString(16)}`, logs: [] };
          },
        };
      });
      const replica = await chain.startReplica();
      await replica.submit('short');
      await until('the end of its transaction', () => replica.results.results.length > 0);
      short = 0;
      expect(replica.results.results[0]).toEqual({ kind: 'returned', modelId: 'short' });
      await until('its token', () => replica.results.results.some(({ kind }) => kind === 'adopted'));
      expectNoFailure(replica);
    });
  });

  describe('for its cost', () => {
    it.each([
      ['named', 'tx fee (9.99 ether) exceeds the configured cap (0.01 ether)'],
      ['not named', 'Transaction fee cap exceeded'],
    ])('carries fewer jobs, and later batches are smaller from the start: the limit is %s', async (what, words) => {
      const limit = ETHER / 100n;
      chain.proxy.setRule(refuse(costAbove(limit, words)));
      await chain.anvil.request('anvil_setNextBlockBaseFeePerGas', [`0x${(20n * GWEI).toString(16)}`]);
      await chain.mine();
      const replica = await chain.startReplica({ BATCH_SIZE: '10' });
      const models = Array.from({ length: 20 }, (_, index) => `${what}-cost-${index}`);
      await replica.submit(...models);
      for (const model of models) await replica.waitForResult(model);
      await until('no open slot', async () => (await replica.slots()).length === 0);
      for (const model of models) expect((await chain.tokens.find(model))?.deployments).toBe(1);
      expect((await replica.eventModelIds()).toSorted()).toEqual(models.toSorted());
      expectNoFailure(replica);
    });

    it('offers a lower fee cap where one job alone may cost too much', async () => {
      await chain.anvil.request('anvil_setNextBlockBaseFeePerGas', [`0x${(20n * GWEI).toString(16)}`]);
      await chain.mine();
      // 90,000 gas at 41 gwei are 0.0037 ether, at 21 gwei 0.0019.
      const limit = (25n * ETHER) / 10_000n;
      chain.proxy.setRule(refuse(costAbove(limit, `tx fee (0.00 ether) exceeds the configured cap (0.0025 ether)`)));
      const replica = await chain.startReplica();
      await replica.submit('single');
      await replica.waitForResult('single');
      const [first, second] = attempts();
      expect(second).toMatchObject({ nonce: first?.nonce, gasLimit: first?.gasLimit });
      expect(second?.maxFeePerGas).toBeLessThan(first?.maxFeePerGas ?? 0n);
    });

    it('holds with both figures where even that costs too much, and goes on when the market falls', async () => {
      await chain.anvil.request('anvil_setNextBlockBaseFeePerGas', [`0x${(60n * GWEI).toString(16)}`]);
      await chain.mine();
      const replica = await chain.startReplica({ MAX_TRANSACTION_COST_ETHER: '0.003' });
      await replica.submit('costly');
      expect(await replica.waitForHold('fee_above_cap')).toMatch(
        /^a transaction costs 0\.00\d+ ether for \d+ gas, the maximum is 0\.003 ether$/,
      );
      expect(chain.proxy.sentTransactions).toEqual([]);
      await chain.anvil.request('anvil_setNextBlockBaseFeePerGas', [`0x${GWEI.toString(16)}`]);
      await chain.mine();
      await replica.waitForResult('costly');
      await replica.waitForHoldCleared('fee_above_cap');
    });
  });

  describe('a nonce that every endpoint refuses', () => {
    it('becomes a hold with its nonce and the words of the node, spends no retry, and goes on when it is taken', async () => {
      chain.proxy.setRule(refuse(() => `mana exhausted for ${chain.proxy.url}\n of project 0123456789abcdef0123`));
      const replica = await chain.startReplica();
      await replica.submit('refused');
      const detail = await chain.hurry(replica.waitForHold('nodes_refuse'));
      const nonce = attempts()[0]?.nonce;
      expect(detail).toMatch(
        new RegExp(
          `^nonce ${nonce} of ${chain.deployer.address}: refused \\d+ times, accepted by none \\(eth_sendRawTransaction on rpc-1\\): "mana exhausted for http://\\[redacted\\] of project …"$`,
        ),
      );
      expect((await replica.jobs.find('refused'))?.state).toBe('submitted');
      expectNoFailure(replica);
      chain.proxy.reset();
      await chain.hurry(replica.waitForResult('refused'));
      await replica.waitForHoldCleared('nodes_refuse');
    });

    it('keeps its fee when the reason is unknown', async () => {
      chain.proxy.setRule(refuse(() => 'mana exhausted'));
      const replica = await chain.startReplica({ REPLACE_AFTER: '0.1' });
      await replica.submit('kept');
      await chain.hurry(until('five broadcasts', () => chain.proxy.sentTransactions.length >= 5));
      chain.proxy.reset();
      await chain.hurry(replica.waitForResult('kept'));
      expect(attempts()).toHaveLength(1);
    });

    it('lets nothing be signed behind it', async () => {
      chain.proxy.setRule(refuse(() => 'mana exhausted'));
      const replica = await chain.startReplica({ BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
      await replica.submit('first', 'second', 'third');
      await chain.hurry(replica.waitForHold('nodes_refuse'));
      expect(await replica.slots()).toHaveLength(1);
      chain.proxy.reset();
      await chain.hurry(replica.waitForResult('first'));
      for (const model of ['second', 'third']) await replica.waitForResult(model);
    });

    it('is sent as it is by the next owner of the lane, before anything else is signed', async () => {
      chain.proxy.setRule(refuse(tipBelow(25n * GWEI)));
      const dying = await chain.startReplica({ LANE_LEASE: '1' });
      await dying.submit('inherited');
      await dying.waitForHold('fee_above_cap');
      const [last] = chain.proxy.sentTransactions.slice(-1);
      await dying.kill();
      const sentBefore = chain.proxy.sentTransactions.length;
      const heir = await chain.startReplica({ LANE_LEASE: '1', MAX_PRIORITY_FEE_PER_GAS_GWEI: '50' });
      await heir.waitForResult('inherited');
      expect(chain.proxy.sentTransactions[sentBefore]).toBe(last);
      expect(attempts()).toMatchObject([{}, { maxPriorityFeePerGas: 25n * GWEI }]);
    });
  });
});
