import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  HoldError,
  JobResultHandler,
  sleep,
  type PreparedBatch,
  type PreparedTransaction,
  failpoint,
  TokenBackend,
} from '#core';
import { Metrics } from '#telemetry';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { TokenAdopter } from './token-adopter.worker.js';
import { BatchBuilder } from './batch-builder.service.js';
import { LaneHolds } from '../status/lane-holds.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { TransactionSender } from '../transactions/transaction-sender.service.js';

const RETRY_MS = 1_000;

/** The first loop of a lane: pending jobs become journalled, broadcast transactions. */
@Injectable()
export class BatchSubmitter {
  private readonly logger = new Logger(BatchSubmitter.name);

  constructor(
    private readonly batches: BatchBuilder,
    private readonly backend: TokenBackend,
    private readonly sender: TransactionSender,
    private readonly adopter: TokenAdopter,
    private readonly outcomes: JobResultHandler,
    private readonly holds: LaneHolds,
    private readonly metrics: Metrics,
  ) {}

  /** Runs until the tenure ends. Never throws. */
  async run(session: LaneSession): Promise<void> {
    const lane = session.signer.address;
    this.holds.add(lane);
    while (!session.ended) {
      const batch = await this.batches.nextBatch(session);
      if (batch.length === 0) continue;
      const left = await this.submitOrHold(session, batch);
      this.batches.pending.removeTaken(batch.filter((job) => !left.includes(job)));
      if (left.length > 0) {
        session.deferredJobs.add(left);
        this.batches.pending.requeueFirst(left);
        // Whatever rings meanwhile, another lane is first: it may be able to send them.
        await sleep(RETRY_MS, session.signal);
      }
    }
    this.holds.remove(lane);
  }

  /** Returns the jobs that must be tried again. */
  private async submitOrHold(session: LaneSession, batch: readonly DeploymentJob[]): Promise<readonly DeploymentJob[]> {
    try {
      return await this.submit(session, batch);
    } catch (error) {
      this.reportFailure(error, session);
      return batch;
    }
  }

  private async submit(session: LaneSession, batch: readonly DeploymentJob[]): Promise<readonly DeploymentJob[]> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage: 'simulation' });
    const limits = this.batches.limits(session);
    const {
      transactions,
      alreadyDeployed,
      results,
      reservedForSigner = [],
    } = await this.backend.prepare(batch, session.signer.address, limits);
    stop();
    failpoint('simulated');
    const decided = new Set([
      ...alreadyDeployed,
      ...reservedForSigner.map(({ job }) => job),
      ...jobsOf(results, batch),
    ]);
    const open = batch.filter((job) => !decided.has(job));
    // The others leave the batch now: a failed one may be tried again while the rest is still being sent.
    this.batches.pending.removeTaken([...decided]);
    this.batches.pending.reserveFor(reservedForSigner);
    if (results.length > 0) await this.outcomes.complete(null, results);
    this.adopter.add(alreadyDeployed);
    if (alreadyDeployed.length > 0) failpoint('adopting');
    const carried = new Set(transactions.flatMap(({ jobs }) => jobs));
    return [...open.filter((job) => !carried.has(job)), ...(await this.sendAll(session, transactions))];
  }

  /** Returns the jobs that no transaction carries after all. */
  private async sendAll(
    session: LaneSession,
    transactions: readonly PreparedTransaction[],
  ): Promise<readonly DeploymentJob[]> {
    const left: DeploymentJob[] = [];
    for (const [index, transaction] of transactions.entries()) {
      try {
        left.push(...(await this.send(session, transaction)));
      } catch (error) {
        this.reportFailure(error, session);
        return [...left, ...transactions.slice(index).flatMap(({ jobs }) => jobs)];
      }
    }
    this.holds.clear(session.signer.address);
    return left;
  }

  private async send(session: LaneSession, transaction: PreparedTransaction): Promise<readonly DeploymentJob[]> {
    if (session.ended) return transaction.jobs;
    const result = await this.sender.sendNew(session, transaction);
    switch (result.kind) {
      case 'committed':
        this.metrics.deploymentBatchSize.observe(transaction.jobs.length);
        session.trackSignal.notify();
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

  private reportFailure(error: unknown, session: LaneSession): void {
    const lane = session.signer.address;
    if (error instanceof HoldError) {
      this.holds.set(lane, error);
      this.logger.warn({
        event: 'submission.held',
        message: 'submission held',
        reason: error.reason,
        detail: error.message,
        lane,
      });
    } else if (error instanceof RpcUnavailableError) {
      this.logger.warn({ event: 'rpc.unavailable', message: 'RPC unavailable, retrying', error: error.message, lane });
    } else {
      this.logger.error({ event: 'submission.failed', message: 'submission failed, retrying', error, lane });
    }
  }
}

function jobsOf(findings: PreparedBatch['results'], batch: readonly DeploymentJob[]): readonly DeploymentJob[] {
  const settled = new Set(
    findings.map((finding) => (finding.kind === 'failed' ? finding.modelId : modelIdOf(finding.job))),
  );
  return batch.filter((job) => settled.has(modelIdOf(job)));
}

function modelIdOf(job: DeploymentJob): string {
  return job.request.record.modelId;
}
