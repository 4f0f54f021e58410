import { Injectable, Logger } from '@nestjs/common';
import { type DeploymentJob, JobOutcomes, Loop, reached, TokenBackend } from '#core';
import { Bell } from '../bell.js';
import { ChainHead } from '../chain-head.js';
import { PendingJobs } from './pending-jobs.js';

const LOOK_AGAIN_MS = 1_000;
/** Jobs whose tokens are looked for at a time: each may take several requests. */
const PAGE = 50;

/** Waits for tokens that exist already to become final, and adopts them: the model gets its event without a transaction. */
@Injectable()
export class Adopter {
  private readonly logger = new Logger(Adopter.name);
  private readonly watched = new Map<string, DeploymentJob>();
  private readonly bell = new Bell();
  private readonly loop = new Loop((signal) => this.turn(signal));

  constructor(
    private readonly backend: TokenBackend,
    private readonly outcomes: JobOutcomes,
    private readonly head: ChainHead,
    private readonly pending: PendingJobs,
  ) {}

  watch(jobs: readonly DeploymentJob[]): void {
    for (const job of jobs) this.watched.set(job.request.record.modelId, job);
    if (jobs.length > 0) this.bell.ring();
  }

  start(): void {
    this.head.changes.hang(this.bell);
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    this.head.changes.take(this.bell);
  }

  private async turn(signal: AbortSignal): Promise<void> {
    await this.bell.heard(LOOK_AGAIN_MS, signal);
    if (this.watched.size === 0 || signal.aborted) return;
    try {
      await this.look(signal);
    } catch (error) {
      this.logger.warn({ message: 'adoption failed, trying again', error });
    }
  }

  private async look(signal: AbortSignal): Promise<void> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    if (finalBlock < 0) return;
    const jobs = [...this.watched.values()];
    for (let first = 0; first < jobs.length && !signal.aborted; first += PAGE) {
      await this.settle(jobs.slice(first, first + PAGE), finalBlock);
    }
  }

  private async settle(jobs: readonly DeploymentJob[], finalBlock: number): Promise<void> {
    const { findings, open } = await this.backend.adopt(jobs, finalBlock);
    if (findings.length > 0) {
      await this.outcomes.settle(null, findings);
      reached('adopted');
    }
    for (const finding of findings) this.watched.delete(modelIdOf(finding));
    for (const job of open) this.watched.delete(job.request.record.modelId);
    if (open.length > 0) this.pending.putBack(open);
  }
}

function modelIdOf(finding: { readonly job: DeploymentJob } | { readonly modelId: string }): string {
  return 'job' in finding ? finding.job.request.record.modelId : finding.modelId;
}
