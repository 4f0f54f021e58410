import type { DeploymentJob, JobFinding } from '#core';

type FailedFinding = Extract<JobFinding, { kind: 'failed' }>;

/** The registry lists the model with a token that is not the manager's. */
export function registeredElsewhere(job: DeploymentJob, tokenAddress: string): FailedFinding {
  const { modelId } = job.request.record;
  return conflict(modelId, `model ${modelId} is registered with the token ${tokenAddress}`);
}

/** Somebody else called the manager first, or we did for another record. */
export function madeOtherwise(job: DeploymentJob, tokenAddress: string, deployer: string | null): FailedFinding {
  const { modelId } = job.request.record;
  const how = deployer === null ? 'with other parameters' : `that ${deployer} deployed, who is none of our accounts`;
  return conflict(modelId, `model ${modelId} already has the token ${tokenAddress}, ${how}`);
}

/** The registry lists the token under another model. */
export function listedElsewhere(job: DeploymentJob, text: string): FailedFinding {
  const { modelId } = job.request.record;
  return conflict(modelId, `the registry does not take the token of model ${modelId}: ${text}`);
}

function conflict(modelId: string, error: string): FailedFinding {
  return { kind: 'failed', modelId, reason: 'conflict', error };
}
