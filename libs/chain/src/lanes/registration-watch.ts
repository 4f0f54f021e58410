import { Injectable, Logger } from '@nestjs/common';
import { type DeploymentJob, DeploymentJobs, type JobFinding, JobOutcomes, Loop, pause, TokenBackend } from '#core';
import type { OpenRegistration } from '#telemetry';
import { ChainHead } from '../chain-head.js';
import { LaneGauges } from './lane-gauges.js';
import { LaneHolds } from './lane-holds.js';
import { PendingJobs } from './pending-jobs.js';

const ROUND_MS = 2_000;
/** The more tokens wait, the rarer each is asked about: the load on the node stays below 50 models a second. */
const PER_JOB_MS = 20;
const PAGE = 100;

/**
 * Looks after tokens that somebody else has to register, which may take days: when that has happened, their jobs are done.
 * Should one of our signers become who registers them, they go to its lane.
 */
@Injectable()
export class RegistrationWatch {
  private readonly logger = new Logger(RegistrationWatch.name);
  private readonly loop = new Loop((signal) => this.turn(signal));

  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly backend: TokenBackend,
    private readonly outcomes: JobOutcomes,
    private readonly head: ChainHead,
    private readonly lanes: LaneHolds,
    private readonly pending: PendingJobs,
    private readonly gauges: LaneGauges,
  ) {}

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    let looked = 0;
    const left = { awaited: 0, refused: 0, conflict: 0 };
    try {
      for await (const page of this.waiting()) {
        if (signal.aborted) return;
        looked += page.length;
        for (const registration of await this.settle(page)) left[registration] += 1;
        await pause(PER_JOB_MS * page.length, signal);
      }
      this.gauges.unregistered(left);
    } catch (error) {
      this.logger.warn({ message: 'registrations cannot be looked for, trying again', looked, error });
    }
    await pause(ROUND_MS, signal);
  }

  private async *waiting(): AsyncIterable<readonly DeploymentJob[]> {
    let cursor: string | null = null;
    do {
      const more: { cursor?: string } = cursor === null ? {} : { cursor };
      const { items, nextCursor } = await this.jobs.list({ limit: PAGE, state: 'deployed_unregistered', ...more });
      if (items.length > 0) yield items;
      cursor = nextCursor;
    } while (cursor !== null);
  }

  /** Returns how it stands with those that are still not registered. */
  private async settle(jobs: readonly DeploymentJob[]): Promise<readonly OpenRegistration[]> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    if (finalBlock < 0) return jobs.map(whoseTurn);
    const { findings, open } = await this.backend.adopt(jobs, finalBlock);
    const known = new Map(jobs.map(({ request, failure }) => [request.record.modelId, failure?.error]));
    const news = findings.filter(
      (finding) => finding.kind !== 'failed' || known.get(finding.modelId) !== finding.error,
    );
    if (news.length > 0) await this.outcomes.settle(null, news);
    this.takeOn(open);
    const conflicts = findings.filter((finding) => finding.kind === 'failed');
    const found = new Set(findings.map(modelIdOf));
    const waiting = jobs.filter(({ request }) => !found.has(request.record.modelId));
    return [...conflicts.map(() => 'conflict' as const), ...waiting.map(whoseTurn)];
  }

  private takeOn(open: readonly DeploymentJob[]): void {
    const { leadSigner } = this.backend;
    if (leadSigner === null || !this.lanes.has(leadSigner)) return;
    // What was tried, and reverts for reasons of its own, is for people.
    this.pending.add(open.filter((job) => job.failure === null));
  }
}

function whoseTurn({ failure }: DeploymentJob): OpenRegistration {
  if (failure === null) return 'awaited';
  return failure.reason === 'conflict' ? 'conflict' : 'refused';
}

function modelIdOf(finding: JobFinding): string {
  return 'job' in finding ? finding.job.request.record.modelId : finding.modelId;
}
