import type { DeploymentJob } from '#core';
import { Notifier } from '../../common/wake-signal.js';

/** Who takes jobs. */
export interface TakeOptions {
  /** Address of its signer. */
  readonly lane?: string;
  /** Most of the jobs that any lane may take; no limit without. */
  readonly sharedLimit?: number;
  /** Which jobs it takes only after all others. */
  readonly isDeferred?: (modelId: string) => boolean;
}

/** Admitted jobs that wait for a transaction, oldest first. In memory only: their messages bring them back. */
export class PendingJobs {
  private readonly jobs = new Map<string, DeploymentJob>();
  /** Jobs that were taken and not yet put back or disposed of: a second message for one must not queue it twice. */
  private readonly taken = new Set<string>();
  /** Waiting jobs that only one lane may take, by its address. */
  private readonly reserved = new Map<string, string>();
  /** Announces jobs that wait. */
  readonly arrivals = new Notifier();

  get size(): number {
    return this.jobs.size;
  }

  /** How many of them this lane may take: what only it may take, and so many at most of those that any lane may take. */
  countFor(lane: string, sharedLimit = Infinity): number {
    return this.countReservedFor(lane) + Math.min(this.jobs.size - this.reserved.size, sharedLimit);
  }

  /** How many wait that only this lane may take. */
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

  /** Takes jobs, oldest first, as long as `fits` says so: those that only this lane may take, then those that any may take. */
  take(fits: (job: DeploymentJob) => boolean, options: TakeOptions = {}): readonly DeploymentJob[] {
    const batch: DeploymentJob[] = [];
    for (const job of this.candidates(options)) {
      if (!fits(job)) break;
      const { modelId } = job.request.record;
      this.jobs.delete(modelId);
      this.reserved.delete(modelId);
      this.taken.add(modelId);
      batch.push(job);
    }
    return batch;
  }

  /** They wait for the one signer that may send what they need, in front of later ones. */
  reserveFor(left: readonly { readonly job: DeploymentJob; readonly signer: string }[]): void {
    if (left.length === 0) return;
    for (const { job, signer } of left) this.reserved.set(job.request.record.modelId, signer);
    this.requeueFirst(left.map(({ job }) => job));
  }

  /** To the front of the queue: they did not get a transaction, or have begun and want the next. */
  requeueFirst(jobs: readonly DeploymentJob[]): void {
    const later = [...this.jobs];
    this.jobs.clear();
    this.removeTaken(jobs);
    for (const job of jobs) this.jobs.set(job.request.record.modelId, job);
    for (const [modelId, job] of later) this.jobs.set(modelId, job);
    this.arrivals.notifyAll();
  }

  /** Their transaction did not carry them out: they wait again, even while the batch they were taken in is in hand. */
  requeue(jobs: readonly DeploymentJob[]): void {
    this.removeTaken(jobs);
    this.add(jobs);
  }

  /** They are carried by a transaction, or settled. */
  removeTaken(jobs: readonly DeploymentJob[]): void {
    for (const job of jobs) this.taken.delete(job.request.record.modelId);
  }

  /** Empties the queue and returns what was in it. */
  drain(): readonly DeploymentJob[] {
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    this.reserved.clear();
    return jobs;
  }

  private *candidates({
    lane,
    sharedLimit = Infinity,
    isDeferred = () => false,
  }: TakeOptions): Iterable<DeploymentJob> {
    let left = sharedLimit;
    for (const last of [false, true]) {
      for (const [modelId, owner] of this.reserved) {
        const job = owner === lane && isDeferred(modelId) === last ? this.jobs.get(modelId) : undefined;
        if (job) yield job;
      }
      for (const [modelId, job] of this.jobs) {
        if (left <= 0) break;
        if (this.reserved.has(modelId) || isDeferred(modelId) !== last) continue;
        left -= 1;
        yield job;
      }
    }
  }
}
