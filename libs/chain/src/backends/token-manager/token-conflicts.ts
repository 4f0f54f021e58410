import type { DeploymentJob, JobResult } from '#core';
import type { ModelStatus } from './model-status-reader.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** The model's token was deployed by another account, or by a configured signer with another record. */
export function createdWithOtherTerms(
  job: DeploymentJob,
  tokenAddress: string,
  deployer: string | null,
): FailedFinding {
  const { modelId } = job.request.record;
  const how =
    deployer === null ? 'with other parameters' : `deployed by ${deployer}, not by an account of this service`;
  return conflict(modelId, `model ${modelId} already has the token ${tokenAddress}, ${how}`);
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

function conflict(modelId: string, error: string): FailedFinding {
  return { kind: 'failed', modelId, reason: 'conflict', error };
}
