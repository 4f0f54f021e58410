import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  HoldRegistry,
  JobResultHandler,
  LoopReport,
  PollingLoop,
  failpoint,
  TokenBackend,
} from '#core';
import { WakeSignal } from '../../common/wake-signal.js';
import { ChainHead } from '../../head/chain-head.worker.js';
import { asHold } from '../../rpc/rpc.errors.js';
import { withRecords } from './judged-records.js';
import { PendingJobs } from './pending-jobs.js';

const POLL_INTERVAL_MS = 1_000;
/** Jobs that are checked in parallel; each may take several requests. */
const PAGE_SIZE = 50;

/** Waits until tokens that already exist are final, then completes their jobs without a transaction. */
@Injectable()
export class TokenAdopter {
  private readonly logger = new Logger(TokenAdopter.name);
  private readonly jobs = new Map<string, DeploymentJob>();
  private readonly wakeSignal = new WakeSignal();
  private readonly loop = new PollingLoop((signal) => this.tick(signal));

  private readonly report: LoopReport;

  constructor(
    private readonly backend: TokenBackend,
    private readonly outcomes: JobResultHandler,
    private readonly head: ChainHead,
    private readonly pending: PendingJobs,
    holds: HoldRegistry,
  ) {
    this.report = new LoopReport(holds, 'token adoption');
  }

  add(jobs: readonly DeploymentJob[]): void {
    for (const job of jobs) this.jobs.set(job.request.record.modelId, job);
    if (jobs.length > 0) this.wakeSignal.notify();
  }

  start(): void {
    this.head.changes.subscribe(this.wakeSignal);
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    this.head.changes.unsubscribe(this.wakeSignal);
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await this.wakeSignal.wait(POLL_INTERVAL_MS, signal);
    if (signal.aborted) return;
    try {
      const [error] = await this.adoptAll(signal);
      if (error === undefined) this.report.succeeded();
      else this.report.failed(asHold(error));
    } catch (error) {
      this.report.failed(asHold(error));
      this.logger.warn({ event: 'adoption.failed', message: 'token adoption failed, retrying', error });
    }
  }

  /** Returns why tokens cannot be read. */
  private async adoptAll(signal: AbortSignal): Promise<readonly Error[]> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    if (finalBlock < 0) return [];
    const jobs = [...this.jobs.values()];
    const unread: Error[] = [];
    for (let first = 0; first < jobs.length && !signal.aborted; first += PAGE_SIZE) {
      unread.push(...(await this.adoptPage(jobs.slice(first, first + PAGE_SIZE), finalBlock)));
    }
    return unread;
  }

  private async adoptPage(jobs: readonly DeploymentJob[], finalBlock: number): Promise<readonly Error[]> {
    const { findings, open, errors = [] } = await this.backend.adopt(jobs, finalBlock);
    if (findings.length > 0) {
      await this.outcomes.complete(null, withRecords(findings, jobs));
      failpoint('adopted');
    }
    for (const finding of findings) {
      this.jobs.delete('job' in finding ? finding.job.request.record.modelId : finding.modelId);
    }
    for (const job of open) this.jobs.delete(job.request.record.modelId);
    if (open.length > 0) this.pending.requeueFirst(open);
    return errors;
  }
}
