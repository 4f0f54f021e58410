import { predictTokenAddress, readFactoryLogs } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobResult, TransactionReceipt } from '#core';
import { toDeployedToken } from './factory.mapper.js';

/** Returns the result of a final deployment transaction for each of its jobs. */
export function readBatchReceipt(
  jobs: readonly DeploymentJob[],
  receipt: TransactionReceipt,
  block: Block,
  factoryAddress: string,
): readonly JobResult[] {
  if (!receipt.succeeded) {
    const error = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`;
    return jobs.map(({ request: { record } }) => {
      return { kind: 'failed', modelId: record.modelId, reason: 'deployment_reverted', error };
    });
  }
  const tokens = createdTokens(receipt, block, factoryAddress);
  return jobs.map((job) => {
    const { modelId } = job.request.record;
    const token = tokens.get(modelId);
    // Without an event, the token exists already or has another record. The next simulation finds out.
    return token ? { kind: 'deployed', job, token } : { kind: 'returned', modelId };
  });
}

/** Returns the tokens that a transaction deployed, by model id. */
export function createdTokens(
  receipt: TransactionReceipt,
  block: Block,
  factoryAddress: string,
): ReadonlyMap<string, DeployedToken> {
  const created = readFactoryLogs(factoryAddress, receipt.logs)
    .filter((log) => log.kind === 'deployed')
    // The address is predictable: a malicious node cannot substitute another one.
    .filter(({ tokenAddress, modelId }) => tokenAddress === predictTokenAddress(factoryAddress, modelId));
  const count = BigInt(created.length);
  // The first token bears the remainder.
  const shareOf = (whole: bigint, index: number): bigint => whole / count + (index === 0 ? whole % count : 0n);
  return new Map(
    created.map((log, index) => {
      const [gasUsed, layerOneFee] = [shareOf(receipt.gasUsed, index), shareOf(receipt.layerOneFee, index)];
      return [log.modelId, toDeployedToken(log, receipt, block, { gasUsed, layerOneFee })];
    }),
  );
}
