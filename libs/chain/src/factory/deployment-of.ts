import type { TokenDeployment } from '#contracts';
import type { DeploymentJob } from '#core';

/** What the factory is told about a job. */
export function deploymentOf(job: DeploymentJob): TokenDeployment {
  const { record, mlflowRunId } = job.request;
  return { record, mlflowRunId };
}
