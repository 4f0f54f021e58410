import type { TokenDeployedLog, TokenDeployment } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobResult, TransactionReceipt } from '#core';

/** Maps a job to the argument of the factory's `deploy`. */
export function toTokenDeployment(job: DeploymentJob): TokenDeployment {
  const { record, mlflowRunId } = job.request;
  return { record, mlflowRunId };
}

/** Maps an event to a token. The factory is the registry, so deployment and registration are one transaction. */
export function toDeployedToken(
  log: TokenDeployedLog,
  receipt: TransactionReceipt,
  block: Block,
  { gasUsed, layerOneFee }: { readonly gasUsed: bigint; readonly layerOneFee: bigint },
): DeployedToken {
  return {
    tokenAddress: log.tokenAddress,
    transactionHash: receipt.transactionHash,
    registryTransactionHash: receipt.transactionHash,
    registration: null,
    blockNumber: receipt.blockNumber,
    blockTimestamp: block.timestamp,
    gasUsed,
    gasPrice: receipt.gasPrice,
    ...(layerOneFee > 0n ? { layerOneFee } : {}),
    deployerAddress: log.deployer,
  };
}

/** Returns the permanent failure of a job whose model has a token with another record. */
export function toConflict(job: DeploymentJob, tokenAddress: string): Extract<JobResult, { kind: 'failed' }> {
  const { modelId } = job.request.record;
  const error = `model ${modelId} already has the token ${tokenAddress} with another record`;
  return { kind: 'failed', modelId, reason: 'conflict', error };
}
