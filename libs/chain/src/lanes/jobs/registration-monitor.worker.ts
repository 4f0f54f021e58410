import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  DeploymentJobs,
  HoldRegistry,
  JobResultHandler,
  LoopReport,
  PollingLoop,
  sleep,
  TokenBackend,
} from '#core';
import type { OpenRegistration } from '#telemetry';
import { ChainHead } from '../../head/chain-head.worker.js';
import { asHold } from '../../rpc/rpc.errors.js';
import { LaneMetrics } from '../status/lane-metrics.service.js';
import { LaneHolds } from '../status/lane-holds.service.js';
import { withRecords } from './judged-records.js';
import { PendingJobs } from './pending-jobs.js';

const POLL_INTERVAL_MS = 2_000;
/** Limits the load on the node to 50 models a second. */
const DELAY_PER_JOB_MS = 20;
const PAGE_SIZE = 100;

/**
 * Watches deployed tokens that the registry's owner must register, which may take days, and completes their jobs then. When
 * a configured signer becomes the owner, their jobs go to its lane.
 */
@Injectable()
export class RegistrationMonitor {
  private readonly logger = new Logger(RegistrationMonitor.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));

  private readonly report: LoopReport;

  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly backend: TokenBackend,
    private readonly outcomes: JobResultHandler,
    private readonly head: ChainHead,
    private readonly lanes: LaneHolds,
    private readonly pending: PendingJobs,
    private readonly metrics: LaneMetrics,
    holds: HoldRegistry,
  ) {
    this.report = new LoopReport(holds, 'registration check');
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    let checked = 0;
    const left = { awaited: 0, refused: 0, conflict: 0 };
    let failure: Error | undefined;
    try {
      for await (const page of this.unregisteredPages()) {
        if (signal.aborted) return;
        checked += page.length;
        const { registrations, errors } = await this.checkPage(page);
        for (const registration of registrations) left[registration] += 1;
        failure ??= errors[0];
        await sleep(DELAY_PER_JOB_MS * page.length, signal);
      }
      this.metrics.recordUnregistered(left);
      if (failure === undefined) this.report.succeeded();
      else this.report.failed(asHold(failure));
    } catch (error) {
      this.report.failed(asHold(error));
      this.logger.warn({
        event: 'registration.check_failed',
        message: 'registration check failed, retrying',
        checked,
        error,
      });
    }
    await sleep(POLL_INTERVAL_MS, signal);
  }

  private async *unregisteredPages(): AsyncIterable<readonly DeploymentJob[]> {
    let cursor: string | null = null;
    do {
      const more: { cursor?: string } = cursor === null ? {} : { cursor };
      const { items, nextCursor } = await this.jobs.list({ limit: PAGE_SIZE, state: 'deployed_unregistered', ...more });
      if (items.length > 0) yield items;
      cursor = nextCursor;
    } while (cursor !== null);
  }

  /** Completes the registered jobs of a page. Returns the status of the rest, and why tokens cannot be read. */
  private async checkPage(
    jobs: readonly DeploymentJob[],
  ): Promise<{ readonly registrations: readonly OpenRegistration[]; readonly errors: readonly Error[] }> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    if (finalBlock < 0) return { registrations: jobs.map(registrationStatus), errors: [] };
    const { findings, open, errors = [] } = await this.backend.adopt(jobs, finalBlock);
    const known = new Map(jobs.map(({ request, failure }) => [request.record.modelId, failure?.error]));
    const changed = findings.filter(
      (finding) => finding.kind !== 'failed' || known.get(finding.modelId) !== finding.error,
    );
    if (changed.length > 0) await this.outcomes.complete(null, withRecords(changed, jobs));
    const { requiredSigner: leadSigner } = this.backend;
    if (leadSigner !== null && this.lanes.has(leadSigner)) {
      // A failed registration needs an operator.
      this.pending.add(open.filter((job) => job.failure === null));
    }
    const conflicts = findings.filter((finding) => finding.kind === 'failed');
    const found = new Set(findings.map((each) => ('job' in each ? each.job.request.record.modelId : each.modelId)));
    const waiting = jobs.filter(({ request }) => !found.has(request.record.modelId));
    return { registrations: [...conflicts.map(() => 'conflict' as const), ...waiting.map(registrationStatus)], errors };
  }
}

function registrationStatus({ failure }: DeploymentJob): OpenRegistration {
  if (failure === null) return 'awaited';
  return failure.reason === 'conflict' ? 'conflict' : 'refused';
}
