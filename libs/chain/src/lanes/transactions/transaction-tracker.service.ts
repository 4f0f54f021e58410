import { Injectable, Logger } from '@nestjs/common';
import { Transaction } from 'ethers';
import {
  type Attempt,
  type Block,
  type DeploymentJob,
  HoldError,
  type JobResult,
  JobResultHandler,
  failpoint,
  HoldRegistry,
  LoopReport,
  type SlotCost,
  TokenBackend,
  type TransactionReceipt,
} from '#core';
import { ChainConfig } from '#config';
import { ChainHead, type HeadSnapshot } from '../../head/chain-head.worker.js';
import { type BlockTag, type CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { asHold, isFailure, isRpcFailure, RpcError } from '../../rpc/rpc.errors.js';
import { lacksState } from '../../rpc/transport/rpc-error-classifier.js';
import { SpendGovernor } from '../../spending/spend-governor.service.js';
import { LaneMetrics } from '../status/lane-metrics.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { isUnreadable } from '../lifecycle/lane-session.factory.js';
import { FinalityCheck } from './finality-check.service.js';
import type { OpenSlot } from './open-slots.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { TransactionLimits } from './transaction-limits.service.js';
import { PendingTransactionMonitor } from './pending-transaction-monitor.service.js';

const POLL_INTERVAL_MS = 1_000;

/** The tracking loop of a lane: follows every open slot until its transaction is final, then completes its jobs. */
@Injectable()
export class TransactionTracker {
  private readonly logger = new Logger(TransactionTracker.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly backend: TokenBackend,
    private readonly outcomes: JobResultHandler,
    private readonly pending: PendingJobs,
    private readonly finality: FinalityCheck,
    private readonly pendingTransactions: PendingTransactionMonitor,
    private readonly limits: TransactionLimits,
    private readonly governor: SpendGovernor,
    private readonly metrics: LaneMetrics,
    private readonly config: ChainConfig,
    private readonly holds: HoldRegistry,
  ) {}

  /** Runs until the session ends. Never throws. */
  async run(session: LaneSession): Promise<void> {
    const { address: lane } = session.signer;
    const report = new LoopReport(this.holds, `transaction tracking of ${lane}`, lane);
    while (!session.ended) {
      try {
        await this.trackOnce(session);
        report.succeeded();
      } catch (error) {
        report.failed(asHold(error));
        const reason = error instanceof HoldError ? error.message : undefined;
        const message = 'transaction tracking failed, retrying';
        this.logger.warn({ event: 'tracking.failed', message, lane, reason, error });
      }
      await session.trackSignal.wait(POLL_INTERVAL_MS, session.signal);
    }
    this.head.setWaiting(session, false);
    report.succeeded();
    this.finality.updateHold(session);
    this.pendingTransactions.end(session);
    this.metrics.removeSession(session);
  }

  /** Checks every open slot once, lowest nonce first. */
  async trackOnce(session: LaneSession): Promise<void> {
    const slots = session.slots.all;
    this.metrics.recordSession(session);
    this.finality.updateHold(session);
    this.head.setWaiting(session, slots.length > 0);
    const head = this.head.current;
    const due = slots.filter((slot) => this.isDue(slot, head));
    if (due.length === 0) return await this.pendingTransactions.check(session);
    const askedAt = performance.now();
    const { receipts: shown, unreadable } = await this.fetchReceipts(due);
    const receipts = await this.finality.confirm(session, shown);
    for (const slot of due) {
      if (session.ended) return;
      const receipt = receipts.get(slot) ?? null;
      slot.asked = head === null || unreadable.has(slot) ? null : { head: head.block.hash, at: askedAt };
      if (receipt) this.onMined(slot, receipt, head);
      else if (!unreadable.has(slot)) this.onReorged(session, slot);
    }
    // A mined slot frees capacity. Submission must not wait until final slots are completed.
    session.submitSignal.notify();
    await this.countOutcomes(session, receipts);
    const failures: unknown[] = [];
    for (const [slot, receipt] of receipts) {
      if (session.ended) return;
      if (receipt.blockNumber > (this.head.current?.finalBlock ?? -1)) continue;
      try {
        await this.finalizeSlot(session, slot, receipt);
      } catch (error) {
        // An unreadable slot does not keep the other slots open.
        if (!isRpcFailure(error) && !isUnreadable(error)) throw error;
        const message = 'final transaction unreadable, retrying';
        const [lane, { nonce }] = [session.signer.address, slot];
        this.logger.warn({ event: 'transaction.read_failed', message, lane, nonce, error });
        failures.push(error);
      }
    }
    await this.pendingTransactions.check(session);
    session.submitSignal.notify();
    if (failures.length > 0) throw failures[0];
  }

  /** Counts the outcome of each mined transaction once. One that cannot be counted now is counted before its slot closes. */
  private async countOutcomes(
    session: LaneSession,
    receipts: ReadonlyMap<OpenSlot, TransactionReceipt>,
  ): Promise<void> {
    const fresh = [...receipts].filter(([slot, { transactionHash }]) => slot.countedHash !== transactionHash);
    await this.governor.countOutcomes(session.lease.lane, fresh);
    for (const [slot, { transactionHash }] of fresh) slot.countedHash = transactionHash;
  }

  /** Returns the receipts of mined slots, and in `unreadable` the slots whose receipts could not be read. */
  private async fetchReceipts(slots: readonly OpenSlot[]): Promise<{
    readonly receipts: ReadonlyMap<OpenSlot, TransactionReceipt>;
    readonly unreadable: ReadonlySet<OpenSlot>;
  }> {
    const attempts = slots.flatMap((slot) => slot.attempts.map((attempt) => ({ slot, ...attempt })));
    const results = await this.reader.receiptResults(attempts);
    const receipts = new Map<OpenSlot, TransactionReceipt>();
    const unreadable = new Set<OpenSlot>();
    for (const [index, { slot }] of attempts.entries()) {
      const result = results[index] ?? null;
      if (isFailure(result)) unreadable.add(slot);
      else if (result !== null) receipts.set(slot, result);
    }
    return { receipts, unreadable };
  }

  /**
   * Whether a slot's receipts may have changed since they were asked for: a new head, or an index that was late, for an
   * unmined one; finality, or another branch of the chain, for a mined one.
   */
  private isDue({ minedOn, asked }: OpenSlot, head: HeadSnapshot | null): boolean {
    if (head === null) return true;
    if (minedOn !== null) return minedOn.block <= head.finalBlock || minedOn.branch !== head.branch;
    return asked?.head !== head.block.hash || performance.now() - asked.at >= this.config.blockTimeMs;
  }

  private onMined(slot: OpenSlot, receipt: TransactionReceipt, head: HeadSnapshot | null): void {
    // A block beyond the head says nothing about the branch of the head.
    const isBelow = head !== null && receipt.blockNumber <= head.block.number;
    slot.minedOn = { block: receipt.blockNumber, branch: isBelow ? head.branch : -1 };
    if (slot.minedBlockHash === receipt.blockHash) return;
    if (slot.minedBlockHash !== null) this.metrics.countReorg();
    slot.minedBlockHash = receipt.blockHash;
    slot.minedAt = performance.now();
    this.metrics.observeStage('inclusion', slot.attemptedAt);
    failpoint('mined');
  }

  private onReorged(session: LaneSession, slot: OpenSlot): void {
    if (slot.minedBlockHash === null) return;
    slot.minedBlockHash = null;
    slot.minedOn = null;
    slot.sentAt = -Infinity;
    this.metrics.countReorg();
    const message = 'transaction reorged out of the chain';
    this.logger.warn({ event: 'transaction.reorged', message, lane: session.signer.address, nonce: slot.nonce });
  }

  private async finalizeSlot(session: LaneSession, slot: OpenSlot, receipt: TransactionReceipt): Promise<void> {
    const block = await this.reader.block(receipt.blockNumber);
    if (!this.finality.isInBlock(slot, receipt, block)) return;
    this.metrics.observeStage('finality', slot.minedAt);
    const findings = await this.readResults(session, slot, receipt, block);
    await this.finality.requireCode(findings);
    failpoint('final');
    const settled = await this.outcomes.complete(
      { lease: session.lease, nonce: slot.nonce, block: block.number, spent: costOf(receipt, slot) },
      findings,
    );
    if (!settled) return session.end();
    failpoint('settled');
    session.slots.remove(slot);
    this.metrics.recordFinalized(receipt, slot);
    const [returned, advanced] = [jobsWith('returned', findings, slot), jobsWith('advanced', findings, slot)];
    if (returned.length > 0) this.pending.requeue(returned);
    // The ledger has these attempts by now. The next step reads them from the job.
    const next = advanced.map((job) => ({ ...job, attempts: [...job.attempts, ...slot.attempts] }));
    if (next.length > 0) this.enqueueNextStep(next);
  }

  /** Returns jobs that the mined attempt did not contain, or had too little gas for, as `returned`. */
  private async readResults(
    session: LaneSession,
    slot: OpenSlot,
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]> {
    const attempt = slot.attempts.find(({ hash }) => hash === receipt.transactionHash);
    const carried = slot.jobs.filter((job) => attempt?.modelIds?.includes(modelIdOf(job)) ?? true);
    const ranOut = attempt !== undefined && (await this.ranOutOfGas(receipt, attempt));
    const short = ranOut ? this.limits.recordOutOfGas(carried) : [];
    if (short.length > 0) {
      const message = 'transaction ran out of gas, requeued with a higher limit';
      const { transactionHash: transaction_hash, gasUsed: gas_used } = receipt;
      const context = { lane: session.signer.address, nonce: slot.nonce, transaction_hash, gas_used };
      this.logger.warn({ event: 'transaction.ran_out_of_gas', message, ...context });
    }
    const executed = carried.filter((job) => !short.includes(job));
    const results = executed.length === 0 ? [] : await this.backend.readResults(executed, receipt, block);
    const others = slot.jobs.filter((job) => !executed.includes(job));
    return [...results, ...others.map((job) => ({ kind: 'returned' as const, modelId: modelIdOf(job) }))];
  }

  /**
   * Whether a transaction failed only because of its gas limit. It used all gas but the caller's share (1/64, EIP-150), and
   * the same call succeeds with more.
   */
  private async ranOutOfGas(receipt: TransactionReceipt, { raw, gasLimit }: Attempt): Promise<boolean> {
    if (receipt.succeeded || receipt.gasUsed * 64n < gasLimit * 63n) return false;
    const { from, to, data, value } = Transaction.from(raw);
    if (from === null || to === null) return false;
    const call = { from, to, data, value };
    const error = await this.errorOf(call, receipt.blockNumber);
    const shown = error && lacksState(error) ? await this.errorOf(call, 'latest') : error;
    return shown === null || /out ?of ?gas/i.test(shown.message);
  }

  private async errorOf(call: CallRequest, tag: BlockTag): Promise<RpcError | null> {
    try {
      await this.reader.call(call, tag);
      return null;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return error;
    }
  }

  /** Only the required signer may send the next step, when the backend has one. */
  private enqueueNextStep(jobs: readonly DeploymentJob[]): void {
    const signer = this.backend.requiredSigner;
    if (signer === null) this.pending.requeueFirst(jobs);
    else this.pending.reserveFor(jobs.map((job) => ({ job, signer })));
  }
}

/** What the account paid, and how many tokens it got. */
function costOf(
  { succeeded, gasUsed, gasPrice, layerOneFee }: TransactionReceipt,
  { kind, value, jobs }: OpenSlot,
): SlotCost {
  const fee = gasUsed * gasPrice + layerOneFee;
  return { cost: succeeded ? fee + value : fee, tokens: succeeded && kind === 'deploy' ? jobs.length : 0 };
}

function jobsWith(
  kind: 'returned' | 'advanced',
  findings: readonly JobResult[],
  slot: OpenSlot,
): readonly DeploymentJob[] {
  const ids = new Set(findings.flatMap((finding) => (finding.kind === kind ? [finding.modelId] : [])));
  return slot.jobs.filter((job) => ids.has(modelIdOf(job)));
}

function modelIdOf(job: DeploymentJob): string {
  return job.request.record.modelId;
}
