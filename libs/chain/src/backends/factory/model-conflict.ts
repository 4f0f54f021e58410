import type { DeploymentJob, JobResult } from '#core';

/** The model's token holds another record than the job asks for, and always will. */
export function toConflict(job: DeploymentJob, tokenAddress: string): Extract<JobResult, { kind: 'failed' }> {
  const { modelId } = job.request.record;
  const error = `model ${modelId} already has the token ${tokenAddress} with another record`;
  return { kind: 'failed', modelId, reason: 'conflict', error };
}
