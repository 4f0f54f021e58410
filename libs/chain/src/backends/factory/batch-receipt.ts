import { predictTokenAddress, readFactoryLogs, type TokenDeployedLog } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobResult, TransactionReceipt } from '#core';
import { toDeployedToken } from './factory.mapper.js';

/** What a final transaction of ours did for each of its jobs. */
export function readBatchReceipt(
  jobs: readonly DeploymentJob[],
  receipt: TransactionReceipt,
  block: Block,
  factoryAddress: string,
): readonly JobResult[] {
  if (!receipt.succeeded) return jobs.map((job) => toReverted(job, receipt));
  const tokens = createdTokens(receipt, block, factoryAddress);
  return jobs.map((job) => {
    const { modelId } = job.request.record;
    const token = tokens.get(modelId);
    // No event of its own: the token was there already, or holds another record. A new simulation tells which.
    return token ? { kind: 'deployed', job, token } : { kind: 'returned', modelId };
  });
}

/** The tokens that a transaction made, by model id. */
export function createdTokens(
  receipt: TransactionReceipt,
  block: Block,
  factoryAddress: string,
): ReadonlyMap<string, DeployedToken> {
  const created = readFactoryLogs(factoryAddress, receipt.logs)
    .filter((log) => log.kind === 'deployed')
    // A node may lie about an address, but no token of the factory is elsewhere.
    .filter(({ tokenAddress, modelId }) => tokenAddress === predictTokenAddress(factoryAddress, modelId));
  return new Map(
    created.map((log) => [log.modelId, toDeployedToken(log, receipt, block, gasShare(receipt, created, log))]),
  );
}

function toReverted(job: DeploymentJob, receipt: TransactionReceipt): JobResult {
  const { modelId } = job.request.record;
  const error = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`;
  return { kind: 'failed', modelId, reason: 'deployment_reverted', error };
}

/** An equal share of the gas; the first token of the batch bears the remainder. */
function gasShare(receipt: TransactionReceipt, created: readonly TokenDeployedLog[], log: TokenDeployedLog): bigint {
  const count = BigInt(created.length);
  return receipt.gasUsed / count + (log === created[0] ? receipt.gasUsed % count : 0n);
}
