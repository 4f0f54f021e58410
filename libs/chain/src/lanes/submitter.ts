import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  Held,
  JobOutcomes,
  pause,
  type Preparation,
  type PreparedTransaction,
  reached,
  TokenBackend,
} from '#core';
import { Metrics } from '#telemetry';
import { RpcUnavailable } from '../rpc/rpc-errors.js';
import { Adopter } from './adopter.js';
import { BatchFormer } from './batch-former.js';
import { LaneHolds } from './lane-holds.js';
import type { LaneSession } from './lane-session.js';
import { SlotLauncher } from './slot-launcher.js';

const RETRY_MS = 1_000;

/** The first loop of a lane: pending jobs become journalled, broadcast transactions. */
@Injectable()
export class Submitter {
  private readonly logger = new Logger(Submitter.name);

  constructor(
    private readonly batches: BatchFormer,
    private readonly backend: TokenBackend,
    private readonly launcher: SlotLauncher,
    private readonly adopter: Adopter,
    private readonly outcomes: JobOutcomes,
    private readonly holds: LaneHolds,
    private readonly metrics: Metrics,
  ) {}

  /** Runs until the tenure ends. Never throws. */
  async run(session: LaneSession): Promise<void> {
    const lane = session.signer.address;
    this.holds.enter(lane);
    while (!session.over) {
      const batch = await this.batches.next(session);
      if (batch.length === 0) continue;
      const left = await this.attempt(session, batch);
      this.batches.pending.dispose(batch.filter((job) => !left.includes(job)));
      if (left.length > 0) {
        session.passedOver.add(left);
        this.batches.pending.putBack(left);
        // Whatever rings meanwhile, another lane is first: it may be able to send them.
        await pause(RETRY_MS, session.signal);
      }
    }
    this.holds.leave(lane);
  }

  /** Returns the jobs that must be tried again. */
  private async attempt(session: LaneSession, batch: readonly DeploymentJob[]): Promise<readonly DeploymentJob[]> {
    try {
      return await this.submit(session, batch);
    } catch (error) {
      this.holdBack(error, session);
      return batch;
    }
  }

  private async submit(session: LaneSession, batch: readonly DeploymentJob[]): Promise<readonly DeploymentJob[]> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage: 'simulation' });
    const room = this.batches.room(session);
    const {
      transactions,
      existing,
      findings,
      elsewhere = [],
    } = await this.backend.prepare(batch, session.signer.address, room);
    stop();
    reached('simulated');
    const decided = new Set([...existing, ...elsewhere.map(({ job }) => job), ...jobsOf(findings, batch)]);
    const open = batch.filter((job) => !decided.has(job));
    // The others leave the batch now: a failed one may be tried again while the rest is still being sent.
    this.batches.pending.dispose([...decided]);
    this.batches.pending.leaveTo(elsewhere);
    if (findings.length > 0) await this.outcomes.settle(null, findings);
    this.adopter.watch(existing);
    if (existing.length > 0) reached('adopting');
    const carried = new Set(transactions.flatMap(({ jobs }) => jobs));
    return [...open.filter((job) => !carried.has(job)), ...(await this.launchAll(session, transactions))];
  }

  /** Returns the jobs that no transaction carries after all. */
  private async launchAll(
    session: LaneSession,
    transactions: readonly PreparedTransaction[],
  ): Promise<readonly DeploymentJob[]> {
    const left: DeploymentJob[] = [];
    for (const [index, transaction] of transactions.entries()) {
      try {
        left.push(...(await this.launch(session, transaction)));
      } catch (error) {
        this.holdBack(error, session);
        return [...left, ...transactions.slice(index).flatMap(({ jobs }) => jobs)];
      }
    }
    this.holds.lift(session.signer.address);
    return left;
  }

  private async launch(session: LaneSession, transaction: PreparedTransaction): Promise<readonly DeploymentJob[]> {
    if (session.over) return transaction.jobs;
    const result = await this.launcher.launch(session, transaction);
    switch (result.kind) {
      case 'committed':
        this.metrics.deploymentBatchSize.observe(transaction.jobs.length);
        session.trackBell.ring();
        return [];
      case 'jobs-taken': {
        // Another replica carries them: whoever settles a job settles every message attached to it.
        const taken = new Set(result.modelIds);
        return transaction.jobs.filter((job) => !taken.has(job.request.record.modelId));
      }
      case 'fenced':
      case 'wrong-nonce':
        session.end();
        return transaction.jobs;
    }
  }

  private holdBack(error: unknown, session: LaneSession): void {
    const lane = session.signer.address;
    if (error instanceof Held) {
      this.holds.hold(lane, error);
      this.logger.warn({ message: 'deployments held', reason: error.reason, detail: error.message, lane });
    } else if (error instanceof RpcUnavailable) {
      this.logger.warn({ message: 'the chain cannot be asked, trying again', error: error.message, lane });
    } else {
      this.logger.error({ message: 'submission failed, trying again', error, lane });
    }
  }
}

function jobsOf(findings: Preparation['findings'], batch: readonly DeploymentJob[]): readonly DeploymentJob[] {
  const settled = new Set(
    findings.map((finding) => (finding.kind === 'failed' ? finding.modelId : modelIdOf(finding.job))),
  );
  return batch.filter((job) => settled.has(modelIdOf(job)));
}

function modelIdOf(job: DeploymentJob): string {
  return job.request.record.modelId;
}
