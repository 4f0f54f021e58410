import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { until } from '../../support/until.js';
import { ReorgSimulator } from './reorg-simulator.js';

const SEED = Number(process.env['CHAOS_SEED'] ?? 17);
const STEPS = Number(process.env['REORG_STEPS'] ?? 60);
const CONFIRMATIONS = 6;

describe('A chain that changes its mind over and over while work comes in', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  /** The replica has asked for the head a few times, or has nothing to ask for. */
  const looksAgain = async (replica: ChainReplica): Promise<void> => {
    const before = chain.proxy.count('eth_getBlockByNumber');
    await until('another look', async () => {
      return chain.proxy.count('eth_getBlockByNumber') > before + 3 || (await replica.slots()).length === 0;
    });
  };

  it(`deploys every model once, and says so only when it is final (CHAOS_SEED=${SEED})`, async () => {
    const dice = new SeededRandom(`reorganisations ${SEED}`);
    const reorganiser = new ReorgSimulator(chain.anvil, dice);
    await chain.setAutomine(false);
    const first = await chain.nonce();
    const replica = await chain.startReplica({
      CONFIRMATIONS: String(CONFIRMATIONS),
      BATCH_SIZE: '2',
      BATCH_WAIT_MS: '0',
    });
    const heads = recordSettlements(replica, reorganiser);
    const models: string[] = [];
    await chain.mine(CONFIRMATIONS);

    for (let step = 0; step < STEPS; step += 1) {
      const action = dice.weighted({ submit: 3, mine: 5, reorganise: 3 });
      if (action === 'submit') {
        const more = Array.from({ length: dice.between(1, 4) }, (_, n) => `fuzz-${step}-${n}`);
        models.push(...more);
        await replica.submit(...more);
      } else if (action === 'mine') await chain.mine(dice.between(1, 2));
      else await reorganiser.reorg(dice.between(1, CONFIRMATIONS - 1), chain.proxy.sentTransactions);
      await looksAgain(replica);
    }
    await until(
      'every model',
      async () => {
        await chain.mine();
        return models.every((model) => replica.results.of(model)?.kind === 'deployed');
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );

    for (const [index, finding] of replica.results.results.entries()) {
      if (finding.kind !== 'deployed') throw new Error(`a model was ${finding.kind}`);
      const head = [...heads].findLast(([before]) => before <= index)?.[1] ?? 0;
      expect(finding.token.blockNumber).toBeLessThanOrEqual(head - CONFIRMATIONS + 1);
      const { modelId } = finding.job.request.record;
      const token = await chain.tokens.find(modelId);
      expect(token).toMatchObject({ address: finding.token.tokenAddress, registered: true, deployments: 1 });
      const receipt = await chain.anvil.request('eth_getTransactionReceipt', [finding.token.transactionHash]);
      expect(Number((receipt as { blockNumber: string }).blockNumber)).toBe(finding.token.blockNumber);
      expect(await replica.jobs.find(modelId)).toMatchObject({ state: 'deployed', token: finding.token });
    }
    expect((await replica.eventModelIds()).toSorted()).toEqual(models.toSorted());
    // The same bytes every time: one transaction for each nonce, and none too many.
    const nonces = [...new Set(chain.proxy.sentTransactions)].map((raw) => Transaction.from(raw).nonce);
    expect(nonces.toSorted((a, b) => a - b)).toEqual(nonces.map((_, n) => first + n));
    expect(await chain.nonce()).toBe(first + nonces.length);
    expect(await replica.slots()).toEqual([]);

    const { values } = await replica.metrics.reorgsTotal.get();
    expect(values[0]?.value).toBeGreaterThan(0);
    // A chain that did not change its mind proves nothing.
    expect(reorganiser.dropped).toBeGreaterThan(0);
    expect(reorganiser.moved).toBeGreaterThan(0);
    expect(chain.proxy.sentTransactions.length).toBeGreaterThan(nonces.length);
  }, 180_000);
});

/** The head of the chain at every settlement, by the number of findings before it. */
function recordSettlements(replica: ChainReplica, reorganiser: ReorgSimulator): ReadonlyMap<number, number> {
  const heads = new Map<number, number>();
  replica.results.before = async () => {
    heads.set(replica.results.results.length, await reorganiser.head());
  };
  return heads;
}
