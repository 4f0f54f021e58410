import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  errorKind,
  HoldError,
  JobResultHandler,
  sleep,
  type PreparedTransaction,
  failpoint,
  TokenBackend,
} from '#core';
import { Metrics } from '#telemetry';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { TokenAdopter } from './token-adopter.worker.js';
import { withRecords } from './judged-records.js';
import { BatchBuilder } from './batch-builder.service.js';
import { LaneHolds } from '../status/lane-holds.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { TransactionSender } from '../transactions/transaction-sender.service.js';

const RETRY_MS = 1_000;
/** Consecutive submissions without a readable answer that set a hold. */
const FAILURES_TO_HOLD = 3;

/** The submit loop of a lane: turns pending jobs into journaled and broadcast transactions. */
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

  /** Runs until the session ends. Never throws. */
  async run(session: LaneSession): Promise<void> {
    const lane = session.signer.address;
    this.holds.clear(lane);
    while (!session.ended) {
      const batch = await this.batches.nextBatch(session);
      if (batch.length === 0) continue;
      const left = await this.submit(session, batch).catch((error: unknown) => {
        this.reportFailure(error, session);
        return batch;
      });
      this.batches.pending.removeTaken(batch.filter((job) => !left.includes(job)));
      if (left.length > 0) {
        session.deferredJobs.add(left);
        this.batches.pending.requeueFirst(left);
        // Another lane may be able to send them first.
        await sleep(RETRY_MS, session.signal);
      }
    }
    this.holds.remove(lane);
  }

  /** Returns the jobs that are to be requeued. */
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
    const completed = new Set(results.map((each) => (each.kind === 'failed' ? each.modelId : modelIdOf(each.job))));
    const decided = new Set([
      ...alreadyDeployed,
      ...reservedForSigner.map(({ job }) => job),
      ...batch.filter((job) => completed.has(modelIdOf(job))),
    ]);
    const open = batch.filter((job) => !decided.has(job));
    // A failed job may be retried while the rest of the batch is still being sent.
    this.batches.pending.removeTaken([...decided]);
    this.batches.pending.reserveFor(reservedForSigner);
    if (results.length > 0) await this.outcomes.complete(null, withRecords(results, batch));
    this.adopter.add(alreadyDeployed);
    if (alreadyDeployed.length > 0) failpoint('adopting');
    const carried = new Set(transactions.flatMap(({ jobs }) => jobs));
    return [...open.filter((job) => !carried.has(job)), ...(await this.sendAll(session, transactions))];
  }

  /** Returns the jobs that are in no transaction. */
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
    session.failedSubmissions = 0;
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
        // Another replica has these jobs in a transaction, or a message with another record has taken them over. Completing a job acknowledges every message attached to it.
        const taken = new Set(result.modelIds);
        return transaction.jobs.filter((job) => !taken.has(modelIdOf(job)));
      }
      case 'wrong-home':
        throw new HoldError('wrong_home', result.detail);
      case 'fenced':
      case 'policy-changed':
      case 'over-budget':
      case 'circuit-open':
      case 'wrong-nonce':
        session.end();
        return transaction.jobs;
    }
  }

  private reportFailure(error: unknown, session: LaneSession): void {
    const lane = session.signer.address;
    if (error instanceof HoldError) {
      this.holds.set(lane, error);
      const { reason, message: detail } = error;
      this.logger.warn({ event: 'submission.held', message: 'submission held', reason, detail, lane });
    } else if (error instanceof RpcUnavailableError) {
      session.failedSubmissions += 1;
      if (session.failedSubmissions >= FAILURES_TO_HOLD)
        this.holds.set(lane, new HoldError('rpc_unavailable', error.message));
      this.logger.warn({ event: 'rpc.unavailable', message: 'RPC unavailable, retrying', error: error.message, lane });
    } else {
      this.holds.set(lane, new HoldError('loop_failing', `submission of ${lane}: ${errorKind(error)}`));
      this.logger.error({ event: 'submission.failed', message: 'submission failed, retrying', error, lane });
    }
  }
}

function modelIdOf(job: DeploymentJob): string {
  return job.request.record.modelId;
}
