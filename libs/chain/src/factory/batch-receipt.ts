import { predictTokenAddress, readFactoryLogs, type TokenDeployedLog } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobFinding, TransactionReceipt } from '#core';
import { deployedToken } from './deployed-token.js';

/** What a final transaction of ours did for each of its jobs. */
export function readBatchReceipt(
  jobs: readonly DeploymentJob[],
  receipt: TransactionReceipt,
  block: Block,
  factoryAddress: string,
): readonly JobFinding[] {
  if (!receipt.succeeded) return jobs.map((job) => reverted(job, receipt));
  const tokens = tokensMade(receipt, block, factoryAddress);
  return jobs.map((job) => {
    const { modelId } = job.request.record;
    const token = tokens.get(modelId);
    // No event of its own: the token was there already, or holds another record. A new simulation tells which.
    return token ? { kind: 'deployed', job, token } : { kind: 'returned', modelId };
  });
}

/** The tokens that a transaction made, by model id. */
export function tokensMade(
  receipt: TransactionReceipt,
  block: Block,
  factoryAddress: string,
): ReadonlyMap<string, DeployedToken> {
  const created = readFactoryLogs(factoryAddress, receipt.logs)
    .filter((log) => log.kind === 'deployed')
    // A node may lie about an address, but no token of the factory is elsewhere.
    .filter(({ tokenAddress, modelId }) => tokenAddress === predictTokenAddress(factoryAddress, modelId));
  return new Map(
    created.map((log) => [log.modelId, deployedToken(log, receipt, block, shareOf(receipt, created, log))]),
  );
}

function reverted(job: DeploymentJob, receipt: TransactionReceipt): JobFinding {
  const { modelId } = job.request.record;
  const error = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`;
  return { kind: 'failed', modelId, reason: 'deployment_reverted', error };
}

/** An equal share of the gas; the first token of the batch bears the remainder. */
function shareOf(receipt: TransactionReceipt, created: readonly TokenDeployedLog[], log: TokenDeployedLog): bigint {
  const count = BigInt(created.length);
  return receipt.gasUsed / count + (log === created[0] ? receipt.gasUsed % count : 0n);
}
