import { deploymentGas, encodeDeploy, encodeDeployBatch, type TokenDeployment } from '#contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractsFixture, deploymentFor, deploymentOf, REFERENCE } from './contracts.fixture.js';

describe('gas', () => {
  let chain: ContractsFixture;

  beforeAll(async () => {
    chain = await ContractsFixture.start();
  });

  afterAll(() => chain.anvil.stop());

  /** Gas of a transaction that must not fail. */
  const gasOf = async (data: string): Promise<number> => {
    const { status, gasUsed } = await chain.sendToFactory(chain.deployer, data);
    if (status !== '0x1') throw new Error('the transaction failed');
    return Number(gasUsed);
  };

  it('of one reference record is at most 95,000', async () => {
    expect(REFERENCE.record.modelId).toHaveLength(23);
    expect(await gasOf(encodeDeploy(REFERENCE))).toBeLessThanOrEqual(95_000);
  });

  it('of one record whose values use every digit is at most 95,000 too', async () => {
    const values = { baselineValue: 812_345_678_901_234_567n, currentValue: 874_345_678_901_234_569n };
    const deployment = deploymentOf({ ...values, modelId: 'full-precision-model-id' });
    expect(await gasOf(encodeDeploy(deployment))).toBeLessThanOrEqual(95_000);
  });

  it('of each reference record in a batch of 50 is at most 75,000', async () => {
    const batch = Array.from({ length: 50 }, (_, index) => deploymentFor(`msg-ai-sales-convers-${10 + index}`));
    expect(batch[0]?.record.modelId).toHaveLength(23);
    expect((await gasOf(encodeDeployBatch(batch))) / 50).toBeLessThanOrEqual(75_000);
  });

  it('of a batch of 100 stays under the cap of a transaction, 2^24', async () => {
    const batch = Array.from({ length: 100 }, (_, index) => deploymentFor(`msg-ai-sales-conver-${100 + index}`));
    expect(await gasOf(encodeDeployBatch(batch))).toBeLessThan(2 ** 24);
  });

  it('of a deployment that was done before is less than half, for any gas limit', async () => {
    const again = encodeDeploy(deploymentFor('again'));
    await gasOf(again);
    expect(await gasOf(again)).toBeLessThan(40_000);
  });

  it('of a conflict is less than half, for any gas limit', async () => {
    await gasOf(encodeDeploy(deploymentFor('taken')));
    const conflict = encodeDeploy(deploymentOf({ modelId: 'taken', metricName: 'recall' }));
    const { status, gasUsed } = await chain.sendToFactory(chain.deployer, conflict);
    expect(status).toBe('0x0');
    expect(Number(gasUsed)).toBeLessThan(40_000);
  });

  it.each([
    ['as short as can be', { tokenSymbol: 'S', metricName: 'm', baselineValue: 0n, currentValue: 1n }, null],
    ['of every digit', { baselineValue: 812_345_678_901_234_567n, currentValue: 874_345_678_901_234_569n }, 'run'],
    ['negative', { baselineValue: -812_345_678_901_234_567n, currentValue: -3n, contributor: null }, 'run'],
    ['as wide as can be', { baselineValue: -(2n ** 255n), currentValue: 2n ** 255n - 1n }, null],
    ['as long as can be', { tokenSymbol: 'ß'.repeat(127), metricName: 'm'.repeat(255) }, 'r'.repeat(255)],
  ] as const)('of a record that is %s is what deploymentGas foretells, or less', async (what, changes, run) => {
    const deployments = Array.from({ length: 20 }, (_, index): TokenDeployment => {
      const { record } = deploymentOf({ ...changes, modelId: `${what}-${index}`.padEnd(index * 13, 'i') });
      return { record, mlflowRunId: run };
    });
    const [first, ...others] = deployments;
    if (!first) throw new Error('no deployment');
    for (const [data, carried] of [
      [encodeDeploy(first), [first]],
      [encodeDeployBatch(others), others],
    ] as const) {
      const foretold = Number(deploymentGas(carried));
      const used = await gasOf(data);
      expect(used).toBeLessThanOrEqual(foretold);
      expect(used).toBeGreaterThan(foretold * 0.85);
    }
  });

  it('that a node estimates is enough, and one that is too little creates nothing', async () => {
    const data = encodeDeploy(deploymentFor('estimated'));
    const call = { from: chain.deployer.address, to: chain.factory.factoryAddress, data };
    const estimate = BigInt((await chain.anvil.request('eth_estimateGas', [call])) as string);
    for (const short of [60_000n, 80_000n, estimate - 2_000n]) {
      const { status } = await chain.sendToFactory(chain.deployer, data, short);
      expect(status).toBe('0x0');
      expect(await chain.code(chain.tokenOf('estimated'))).toBe('0x');
    }
    const { status } = await chain.sendToFactory(chain.deployer, data, estimate);
    expect(status).toBe('0x1');
  });
});
