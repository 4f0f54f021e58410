import { type DeploymentJob, TokenDeployer } from '#core';

/** Takes jobs and does nothing about them. */
export class FakeTokenDeployer extends TokenDeployer {
  readonly submissions: (readonly DeploymentJob[])[] = [];

  override submit(jobs: readonly DeploymentJob[]): void {
    if (jobs.length > 0) this.submissions.push(jobs);
  }

  get modelIds(): readonly string[] {
    return this.submissions.flat().map((job) => job.request.record.modelId);
  }
}
