import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { until } from '../../support/until.js';

const CONFIRMATIONS = 8;
const RECEIPT = 'eth_getTransactionReceipt';

let chain: ChainHarness;
beforeAll(async () => {
  chain = await ChainHarness.start();
});
afterAll(() => chain.stop());

it('asks for a receipt when a head may bring it and when its block is final, and in no block between', async () => {
  const env = {
    CONFIRMATIONS: String(CONFIRMATIONS),
    BLOCK_TIME: '600',
    BLOCK_POLL_INTERVAL: '0.05',
    REPLACE_AFTER: '600',
  };
  const replica = await chain.startReplica(env);
  await replica.waitForLane();
  await chain.setAutomine(false);
  await replica.submit('counted');
  await chain.waitForMempool(1);
  const asked = (): number => chain.proxy.count(RECEIPT);
  const mine = async (): Promise<void> => {
    const before = chain.proxy.count('eth_getBlockByNumber');
    await chain.mine(1);
    await until('two looks at the head', () => chain.proxy.count('eth_getBlockByNumber') > before + 2);
  };
  await mine();
  await until('the receipt to be asked for', async () => asked() > 0 && (await replica.checkLanes()).status === 'up');
  const minedAfter = asked();
  for (let block = 1; block < CONFIRMATIONS - 1; block += 1) await mine();
  expect(asked()).toBe(minedAfter);
  await mine();
  expect(await replica.waitForResult('counted')).toMatchObject({ kind: 'deployed' });
  expect(asked()).toBe(minedAfter + 1);
  expect(minedAfter).toBeLessThanOrEqual(3);
});
