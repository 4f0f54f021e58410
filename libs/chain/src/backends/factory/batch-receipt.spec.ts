import { id } from 'ethers';
import { describe, expect, it } from 'vitest';
import { factoryInterface, predictTokenAddress } from '#contracts';
import type { Block, TransactionLog, TransactionReceipt } from '#core';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import { readBatchReceipt } from './batch-receipt.js';

const FACTORY = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const STRANGER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const DEPLOYER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const HASH = `0x${'ab'.repeat(32)}`;
const block: Block = {
  number: 9,
  hash: HASH,
  parentHash: null,
  timestamp: 1_700_000_000,
  baseFeePerGas: 1n,
  gasLimit: 30_000_000n,
};

function log(
  event: 'TokenDeployed' | 'ModelConflictSkipped',
  modelId: string,
  address = FACTORY,
  token = predictTokenAddress(FACTORY, modelId),
): TransactionLog {
  const args = event === 'TokenDeployed' ? [token, id(modelId), DEPLOYER, modelId, ''] : [token, id(modelId), modelId];
  const { topics, data } = factoryInterface.encodeEventLog(event, args);
  return { address, topics, data, transactionHash: HASH, blockNumber: 9 };
}

function receipt(logs: readonly TransactionLog[], changes: Partial<TransactionReceipt> = {}): TransactionReceipt {
  return {
    transactionHash: HASH,
    blockNumber: 9,
    blockHash: HASH,
    from: DEPLOYER,
    succeeded: true,
    gasUsed: 200n,
    gasPrice: 5n,
    layerOneFee: 0n,
    logs,
    ...changes,
  };
}

describe('readBatchReceipt', () => {
  const jobs = ['a', 'b', 'c'].map((model) => aDeploymentJob(model));
  const read = (logs: readonly TransactionLog[], changes?: Partial<TransactionReceipt>) =>
    readBatchReceipt(jobs, receipt(logs, changes), block, FACTORY);

  it('returns the token of each job for any order of the events', () => {
    const findings = read(['c', 'a', 'b'].map((model) => log('TokenDeployed', model)));
    for (const [index, model] of ['a', 'b', 'c'].entries()) {
      expect(findings[index]).toMatchObject({
        kind: 'deployed',
        job: jobs[index],
        token: {
          tokenAddress: predictTokenAddress(FACTORY, model),
          transactionHash: HASH,
          registryTransactionHash: HASH,
          blockNumber: 9,
          blockTimestamp: 1_700_000_000,
          gasPrice: 5n,
          deployerAddress: DEPLOYER,
        },
      });
    }
  });

  it('distributes the whole gas among the tokens', () => {
    const findings = read(['a', 'b', 'c'].map((model) => log('TokenDeployed', model)));
    expect(findings.map((finding) => finding.kind === 'deployed' && finding.token.gasUsed)).toEqual([68n, 66n, 66n]);
  });

  it('distributes the L1 data fee among the tokens, and leaves it out where there is none', () => {
    const logs = ['a', 'b', 'c'].map((model) => log('TokenDeployed', model));
    const feesOf = (layerOneFee: bigint) =>
      read(logs, { layerOneFee }).map((finding) => finding.kind === 'deployed' && finding.token.layerOneFee);
    expect(feesOf(100n)).toEqual([34n, 33n, 33n]);
    expect(feesOf(0n)).toEqual([undefined, undefined, undefined]);
  });

  it('distributes the gas among deployed tokens, not among jobs', () => {
    const findings = read([log('TokenDeployed', 'b'), log('ModelConflictSkipped', 'a')]);
    expect(findings).toMatchObject([
      { kind: 'returned', modelId: 'a' },
      { kind: 'deployed', token: { gasUsed: 200n } },
      { kind: 'returned', modelId: 'c' },
    ]);
  });

  it('ignores events of other contracts', () => {
    expect(read([log('TokenDeployed', 'a', STRANGER)])[0]).toEqual({ kind: 'returned', modelId: 'a' });
  });

  it('fails every job of a reverted transaction', () => {
    const findings = read([], { succeeded: false });
    expect(findings).toHaveLength(3);
    expect(findings[1]).toEqual({
      kind: 'failed',
      modelId: 'b',
      reason: 'deployment_reverted',
      error: `transaction ${HASH} reverted in block 9`,
    });
  });

  it('ignores an event whose address is not the predicted one', () => {
    const logs = [log('TokenDeployed', 'a', FACTORY, STRANGER), log('TokenDeployed', 'b')];
    expect(read(logs).map(({ kind }) => kind)).toEqual(['returned', 'deployed', 'returned']);
  });
});
