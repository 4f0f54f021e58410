import type { TokenDeployment } from '#contracts';
import type { DeploymentJob } from '#core';

/** What the factory is told about a job. */
export function toTokenDeployment(job: DeploymentJob): TokenDeployment {
  const { record, mlflowRunId } = job.request;
  return { record, mlflowRunId };
}
