import type { DeploymentJob, JobResult } from '#core';
import type { ModelStatus } from './model-status-reader.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** The registry lists the model with a token that is not the manager's. */
function registeredWithOtherToken(job: DeploymentJob, tokenAddress: string): FailedFinding {
  const { modelId } = job.request.record;
  return conflict(modelId, `model ${modelId} is registered with the token ${tokenAddress}`);
}

/** Somebody else called the manager first, or we did for another record. */
export function createdWithOtherTerms(
  job: DeploymentJob,
  tokenAddress: string,
  deployer: string | null,
): FailedFinding {
  const { modelId } = job.request.record;
  const how = deployer === null ? 'with other parameters' : `that ${deployer} deployed, who is none of our accounts`;
  return conflict(modelId, `model ${modelId} already has the token ${tokenAddress}, ${how}`);
}

/** The registry lists the token as another model. @param how what the registry says of it */
export function registeredUnderOtherModel(job: DeploymentJob, how: string): FailedFinding {
  const { modelId } = job.request.record;
  return conflict(modelId, `the registry does not take the token of model ${modelId}: ${how}`);
}

/** What the registry says makes the deployment impossible; null where it does not. */
export function conflictOf(job: DeploymentJob, standing: ModelStatus | undefined): FailedFinding | null {
  if (standing?.kind === 'taken') return registeredWithOtherToken(job, standing.tokenAddress);
  if (standing?.kind !== 'misplaced') return null;
  return registeredUnderOtherModel(job, `${standing.tokenAddress} is model ${standing.listedAs} there`);
}

function conflict(modelId: string, error: string): FailedFinding {
  return { kind: 'failed', modelId, reason: 'conflict', error };
}
