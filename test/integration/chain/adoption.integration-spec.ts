import { id } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeployedToken, JobResult } from '#core';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { until } from '../../support/until.js';

function tokenIn(finding: JobResult): DeployedToken {
  if (finding.kind === 'adopted') return finding.token;
  throw new Error(`not adopted but ${finding.kind}`);
}

describe('Adoption of a token that exists', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  /** The replica has asked the chain for the tokens it watches, this many times more. */
  const looksAgain = async (times: number): Promise<void> => {
    const before = chain.proxy.count('eth_call');
    await until(`${times} more looks`, () => chain.proxy.count('eth_call') >= before + 2 * times);
  };

  it('settles the job with the transaction that made the token, and sends nothing', async () => {
    await chain.deployAsAnother('there');
    const replica = await chain.startReplica();
    await replica.submit('there');
    const finding = await replica.waitForResult('there');
    const token = await chain.tokens.find('there');
    expect(finding).toMatchObject({ kind: 'adopted', token: { tokenAddress: token?.address } });
    const { transactionHash, deployerAddress, gasUsed } = tokenIn(finding);
    const receipt = (await chain.anvil.request('eth_getTransactionReceipt', [transactionHash])) as { gasUsed: string };
    expect(gasUsed).toBe(BigInt(receipt.gasUsed));
    expect(deployerAddress).not.toBe(chain.deployer.address);
    expect(await replica.eventModelIds()).toEqual(['there']);
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('waits until the token is final', async () => {
    await chain.deployAsAnother('young');
    const replica = await chain.startReplica({ CONFIRMATIONS: '4' });
    await replica.submit('young');
    for (let confirmations = 1; confirmations < 4; confirmations += 1) {
      await looksAgain(2);
      expect(replica.results.results).toEqual([]);
      await chain.mine();
    }
    expect(await replica.waitForResult('young')).toMatchObject({ kind: 'adopted' });
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('deploys after all when a reorg takes the token away before it is final', async () => {
    await chain.deployAsAnother('fleeting');
    const replica = await chain.startReplica({ CONFIRMATIONS: '3' });
    await replica.submit('fleeting');
    await looksAgain(1);
    await chain.anvil.request('anvil_reorg', [1, []]);
    await until('a transaction of its own', () => chain.proxy.sentTransactions.length === 1);
    await chain.mine(3);
    expect(await replica.waitForResult('fleeting')).toMatchObject({
      kind: 'deployed',
      token: { deployerAddress: chain.deployer.address },
    });
    expect((await chain.tokens.find('fleeting'))?.deployments).toBe(1);
    expect(await replica.eventModelIds()).toEqual(['fleeting']);
  });

  it('adopts some of a batch and deploys the rest', async () => {
    await chain.deployAsAnother('old');
    const replica = await chain.startReplica();
    await replica.submit('new-1', 'old', 'new-2');
    expect(await replica.waitForResult('old')).toMatchObject({ kind: 'adopted' });
    expect(await replica.waitForResult('new-1')).toMatchObject({ kind: 'deployed' });
    expect(await replica.waitForResult('new-2')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('finds every token again after the whole ledger was lost', async () => {
    const models = ['lost-1', 'lost-2', 'lost-3'];
    const before = await chain.startReplica();
    await before.submit(...models);
    await Promise.all(models.map((model) => before.waitForResult(model)));
    await before.stop();
    await chain.reset();
    const after = await chain.startReplica();
    await after.submit(...models);
    for (const model of models) {
      const finding = await after.waitForResult(model);
      expect(finding).toMatchObject({ kind: 'adopted', token: { deployerAddress: chain.deployer.address } });
    }
    expect(chain.proxy.sentTransactions).toEqual([]);
    expect((await after.eventModelIds()).toSorted()).toEqual(models);
  });

  it('settles the others when the origin of one token cannot be read', async () => {
    await chain.deployAsAnother('obscure');
    await chain.deployAsAnother('plain');
    const replica = await chain.createReplica();
    chain.proxy.setRule(({ method, params }) => {
      const about = JSON.stringify(params).includes(id('obscure').slice(2));
      return method === 'eth_getLogs' && about ? { code: -32000, message: 'history is pruned' } : 'forward';
    });
    await replica.start();
    await replica.submit('obscure', 'plain');
    expect(await replica.waitForResult('plain')).toMatchObject({ kind: 'adopted' });
    expect(replica.results.of('obscure')).toBeUndefined();
    chain.proxy.reset();
    expect(await replica.waitForResult('obscure')).toMatchObject({ kind: 'adopted' });
  });
});
