import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '#config';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

/** The parameter contract takes so small a value for whole tokens. */
const REPLACED: Environment = { TOKENS_PER_DELTA_ONE: '0.000000000000001' };
const DIFFERENCE = 'TOKENS_PER_DELTA_ONE is 1000, wanted 0.000000000000001';

async function deployed(replica: ChainReplica, ...models: readonly string[]): Promise<void> {
  for (const model of models)
    await until(`the end of ${model}`, async () => (await replica.jobs.find(model))?.state === 'deployed');
}

function held(replica: ChainReplica): boolean {
  return replica.holds.list().some(({ reason }) => reason === 'terms_differ');
}

describe('Terms that the contracts replace', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const withoutSimulation = (): void =>
    chain.proxy.setRule(({ method }) =>
      method === 'eth_simulateV1' ? { code: -32601, message: 'the method eth_simulateV1 does not exist' } : 'forward',
    );

  /** Different deployments that were sent. */
  const deployments = (): number => {
    const sent = new Set(chain.proxy.sentTransactions);
    return [...sent].filter((raw) => Transaction.from(raw).to === chain.contracts.manager).length;
  };

  it('hold every deployment, by a simulation at the start', async () => {
    const replica = await chain.startReplica(REPLACED);
    await replica.submit('801', '802');
    expect(await replica.waitForHold('terms_differ')).toBe(`a simulated token does not keep the terms: ${DIFFERENCE}`);
    expect(chain.proxy.sentTransactions).toEqual([]);
    expect((await replica.jobs.find('801'))?.state).toBe('admitted');
  });

  it('hold the second deployment where the node cannot simulate, and again after a restart', async () => {
    withoutSimulation();
    const first = await chain.startReplica(REPLACED);
    await first.submit('811', '812', '813');
    await deployed(first, '811');
    const { address } = await chain.contracts.find('811');
    const words = `the token ${address} of model 811 does not keep the terms: ${DIFFERENCE}`;
    expect(await first.waitForHold('terms_differ')).toBe(words);
    await first.stop();

    const second = await chain.startReplica(REPLACED);
    await second.submit('812', '813');
    expect(await second.waitForHold('terms_differ')).toBe(words);
    expect(await chain.contracts.deployersOf()).toHaveLength(1);
    await second.stop();

    const third = await chain.startReplica();
    await third.submit('812', '813');
    await deployed(third, '812', '813');
    expect(held(third)).toBe(false);
  });

  it('are seen once the first token is mined: until then one deployment is open, after a restart too', async () => {
    withoutSimulation();
    await chain.setAutomine(false);
    const first = await chain.startReplica();
    await first.submit('821', '822', '823');
    await chain.waitForMempool(1);
    await first.stop();
    const second = await chain.startReplica();
    await second.submit('822', '823');
    const looks = chain.proxy.count('eth_getTransactionReceipt');
    await until('some looks at the first', () => chain.proxy.count('eth_getTransactionReceipt') > looks + 3);
    expect(deployments()).toBe(1);
    await chain.mine();
    await until('the others', () => deployments() === 3);
    await chain.setAutomine(true);
    await chain.mine();
    await deployed(second, '822', '823');
  });

  it('are looked for in tokens of these terms only: former terms stop nothing', async () => {
    withoutSimulation();
    const former = await chain.startReplica({ INVESTOR_ALLOCATION: '1' });
    await former.submit('831');
    await deployed(former, '831');
    await former.stop();
    const replica = await chain.startReplica();
    await replica.submit('832', '833');
    await deployed(replica, '832', '833');
    expect(held(replica)).toBe(false);
  });

  it('are no terms that the governor has changed since', async () => {
    const former = await chain.startReplica();
    await former.submit('841');
    await deployed(former, '841');
    await former.stop();
    await chain.contracts.changeAccrualOf('841', 2_000);
    const born = Number(await chain.anvil.request('eth_blockNumber')) - 1;
    chain.proxy.setRule(({ method, params }) =>
      method === 'eth_call' && params[1] !== 'latest' && Number(params[1]) < born
        ? { code: -32000, message: 'missing trie node 1a2b (path )' }
        : 'forward',
    );
    const replica = await chain.startReplica();
    await replica.submit('842', '843');
    await deployed(replica, '842', '843');
    expect(held(replica)).toBe(false);
  });
});
