import type { DeploymentJob } from '#core';

const DEFER_MS = 60_000;

/** Jobs that a lane could not submit. For one minute the lane takes them last, so that they do not block other jobs. */
export class DeferredJobs {
  /** End of the deferral by model id, monotonic milliseconds, earliest first. */
  private readonly until = new Map<string, number>();

  add(jobs: readonly DeploymentJob[]): void {
    this.removeExpired();
    for (const { request } of jobs) {
      this.until.delete(request.record.modelId);
      this.until.set(request.record.modelId, performance.now() + DEFER_MS);
    }
  }

  has(modelId: string): boolean {
    return (this.until.get(modelId) ?? 0) > performance.now();
  }

  private removeExpired(): void {
    for (const [modelId, until] of this.until) {
      if (until > performance.now()) return;
      this.until.delete(modelId);
    }
  }
}
