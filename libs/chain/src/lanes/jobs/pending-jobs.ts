import type { DeploymentJob } from '#core';
import { Notifier } from '../../common/wake-signal.js';

/** Which jobs a lane takes. */
export interface TakeOptions {
  /** Maximum number of jobs. Default: no limit. */
  readonly limit?: number;
  /** Whether the job is taken last. */
  readonly isDeferred?: (modelId: string) => boolean;
}

/** Admitted jobs without a transaction, oldest first. In memory only: after a crash, their messages restore them. */
export class PendingJobs {
  private readonly jobs = new Map<string, DeploymentJob>();
  /** Jobs taken by a lane. A second message for one of them must not queue it again. */
  private readonly taken = new Set<string>();
  /** Address of the only lane that may take a job, by model id. */
  private readonly reserved = new Map<string, string>();
  /** Notifies of new jobs. */
  readonly arrivals = new Notifier();

  get size(): number {
    return this.jobs.size;
  }

  /** Counts the jobs that every lane may take. */
  get sharedCount(): number {
    return this.jobs.size - this.reserved.size;
  }

  /** Counts the jobs that only this lane may take. */
  countReservedFor(lane: string): number {
    let count = 0;
    for (const owner of this.reserved.values()) if (owner === lane) count += 1;
    return count;
  }

  add(jobs: readonly DeploymentJob[]): void {
    for (const job of jobs) {
      const { modelId } = job.request.record;
      if (!this.taken.has(modelId)) this.jobs.set(modelId, job);
    }
    this.arrivals.notifyAll();
  }

  /** Takes jobs that every lane may take, oldest first, until `fits` returns false. */
  take(fits: (job: DeploymentJob) => boolean, options: TakeOptions = {}): readonly DeploymentJob[] {
    return this.takeFrom(this.jobs, (modelId) => !this.reserved.has(modelId), fits, options);
  }

  /** Takes the jobs that only this lane may take, in the order of their reservation. */
  takeReserved(lane: string, options: TakeOptions = {}): readonly DeploymentJob[] {
    return this.takeFrom(
      this.reserved,
      (modelId) => this.reserved.get(modelId) === lane,
      () => true,
      options,
    );
  }

  /** Requeues jobs in front of the others, each for the one signer that may send its transaction. */
  reserveFor(reservations: readonly { readonly job: DeploymentJob; readonly signer: string }[]): void {
    if (reservations.length === 0) return;
    for (const { job, signer } of reservations) this.reserved.set(job.request.record.modelId, signer);
    this.requeueFirst(reservations.map(({ job }) => job));
  }

  /** Lets every lane take the jobs that are reserved for a lane of which `isGone` returns true. */
  releaseReserved(isGone: (lane: string) => boolean): void {
    const released = [...this.reserved].filter(([, lane]) => isGone(lane));
    for (const [modelId] of released) this.reserved.delete(modelId);
    if (released.length > 0) this.arrivals.notifyAll();
  }

  /** Requeues jobs in front of the others: they got no transaction yet, or need their next one. */
  requeueFirst(jobs: readonly DeploymentJob[]): void {
    const later = [...this.jobs];
    this.jobs.clear();
    this.removeTaken(jobs);
    for (const job of jobs) this.jobs.set(job.request.record.modelId, job);
    for (const [modelId, job] of later) this.jobs.set(modelId, job);
    this.arrivals.notifyAll();
  }

  /** Requeues jobs that their transaction did not execute, even while their batch is still being processed. */
  requeue(jobs: readonly DeploymentJob[]): void {
    this.removeTaken(jobs);
    this.add(jobs);
  }

  /** Ends the tracking of taken jobs: they are in a transaction, or completed. */
  removeTaken(jobs: readonly DeploymentJob[]): void {
    for (const job of jobs) this.taken.delete(job.request.record.modelId);
  }

  /** Removes and returns all jobs. */
  drain(): readonly DeploymentJob[] {
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    this.reserved.clear();
    return jobs;
  }

  private takeFrom(
    source: ReadonlyMap<string, unknown>,
    mayTake: (modelId: string) => boolean,
    fits: (job: DeploymentJob) => boolean,
    { limit = Infinity, isDeferred = () => false }: TakeOptions,
  ): readonly DeploymentJob[] {
    const batch: DeploymentJob[] = [];
    for (const deferred of [false, true]) {
      for (const modelId of source.keys()) {
        if (batch.length >= limit) return batch;
        const job = mayTake(modelId) && isDeferred(modelId) === deferred ? this.jobs.get(modelId) : undefined;
        if (!job) continue;
        if (!fits(job)) return batch;
        this.jobs.delete(modelId);
        this.reserved.delete(modelId);
        this.taken.add(modelId);
        batch.push(job);
      }
    }
    return batch;
  }
}
