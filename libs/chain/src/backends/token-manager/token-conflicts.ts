import type { DeploymentJob, JobResult } from '#core';
import { describeDifferences, type TermDifference } from './term-differences.js';
import type { ModelStatus } from './model-status-reader.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** The model's token was deployed by an account that is not of this service. */
export function createdByOtherAccount(job: DeploymentJob, tokenAddress: string, deployer: string): FailedFinding {
  return tokenConflict(
    job,
    tokenAddress,
    `deployed by ${deployer}, not by an account of this service; FORMER_DEPLOYERS names former accounts`,
  );
}

/** The model's token was not deployed by a call of `deployTokenWithAllocations`. */
export function createdByOtherCall(job: DeploymentJob, tokenAddress: string): FailedFinding {
  return tokenConflict(job, tokenAddress, 'deployed by another call than deployTokenWithAllocations');
}

/** The model's token was deployed with other parameters than the message and the configuration want. */
export function createdWithOtherTerms(
  job: DeploymentJob,
  tokenAddress: string,
  differences: readonly TermDifference[],
): FailedFinding {
  return tokenConflict(job, tokenAddress, `with other parameters: ${describeDifferences(differences)}`);
}

/** @param reason what the registry returned for the token */
export function registeredUnderOtherModel(job: DeploymentJob, reason: string): FailedFinding {
  const { modelId } = job.request.record;
  return conflict(modelId, `the registry rejects the token of model ${modelId}: ${reason}`);
}

/** Returns the conflict that makes the deployment impossible, or null. */
export function conflictOf(job: DeploymentJob, status: ModelStatus | undefined): FailedFinding | null {
  const { modelId } = job.request.record;
  if (status?.kind === 'registered-with-other-token')
    return conflict(modelId, `model ${modelId} is registered with the token ${status.tokenAddress}`);
  if (status?.kind === 'registered-under-other-model')
    return registeredUnderOtherModel(job, `${status.tokenAddress} is registered under model ${status.listedAs}`);
  return null;
}

function tokenConflict(job: DeploymentJob, tokenAddress: string, how: string): FailedFinding {
  const { modelId } = job.request.record;
  return conflict(modelId, `model ${modelId} already has the token ${tokenAddress}, ${how}`);
}

function conflict(modelId: string, error: string): FailedFinding {
  return { kind: 'failed', modelId, reason: 'conflict', error };
}
