import { Injectable, Logger } from '@nestjs/common';
import { HoldError, HoldRegistry, JobResultHandler, failpoint, TokenBackend } from '#core';
import { ChainConfig } from '#config';
import { Metrics } from '#telemetry';
import { ChainHead } from '../../head/chain-head.worker.js';
import { LaneTransactionFinder } from '../../history/lane-transaction-finder.service.js';
import { ChainReader, type MinedTransaction } from '../../rpc/chain-reader.js';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { LaneHolds } from '../status/lane-holds.service.js';
import { isRefused, latestAttempt, type OpenSlot } from './open-slots.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { TransactionSender } from './transaction-sender.service.js';
import { isCurable } from './transaction-signer.service.js';

/**
 * A transaction that no block holds is asked about, and sent again when the node lost it, this long after its last
 * broadcast, or sooner when it is to be replaced sooner.
 */
const REBROADCAST_AFTER_MS = 5_000;
/** A slot that the nodes refuse gets another attempt after this long, and after some of them rarer and rarer. */
const RETRY_REFUSED_AFTER_MS = 1_000;
const QUICK_RETRIES = 5;
/** Refusals in a row that make a hold. */
const REFUSALS_TO_HOLD = 3;
/** Passes that must agree, on a final block, that something else took a nonce. */
const PASSES_TO_CONFIRM = 3;
/** A node that is still indexing shows a receipt later than its block; after this long that is a hold. */
const LATE_RECEIPT_MS = 30_000;

/** Slots that no block holds yet: sent again, replaced, or given up when their nonce was finally taken. */
@Injectable()
export class PendingTransactionMonitor {
  private readonly logger = new Logger(PendingTransactionMonitor.name);

  /** Slots without a receipt whose nonce a final block has used, and since when that is known (monotonic). */
  private readonly withoutReceipt = new WeakMap<OpenSlot, number>();

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly transactionFinder: LaneTransactionFinder,
    private readonly backend: TokenBackend,
    private readonly sender: TransactionSender,
    private readonly outcomes: JobResultHandler,
    private readonly pending: PendingJobs,
    private readonly holds: HoldRegistry,
    private readonly laneHolds: LaneHolds,
    private readonly config: ChainConfig,
    private readonly metrics: Metrics,
  ) {}

  async check(session: LaneSession): Promise<void> {
    try {
      await this.checkUnmined(session);
    } finally {
      this.updateReceiptHold(session);
      this.updateLaneHold(session);
    }
  }

  private async checkUnmined(session: LaneSession): Promise<void> {
    const waiting = session.slots.unmined.filter((slot, index) => this.isDue(slot, index === 0));
    if (waiting.length === 0) return;
    const taken = await this.reader.nonce(session.signer.address, 'latest');
    for (const slot of waiting) {
      if (session.ended) return;
      if (slot.nonce < taken) await this.handleNonceTaken(session, slot);
      else {
        this.withoutReceipt.delete(slot);
        await this.rebroadcastOrReplace(session, slot, slot.nonce === taken);
      }
    }
  }

  /** Says which receipts are missing, and no longer than the lane is worked on here. */
  private updateReceiptHold(session: LaneSession): void {
    const source = `receipts of ${session.signer.address}`;
    const late = session.slots.unmined.find(
      (slot) => performance.now() - (this.withoutReceipt.get(slot) ?? Infinity) >= LATE_RECEIPT_MS,
    );
    if (late === undefined || session.ended) return this.holds.clear('rpc_unavailable', source);
    const transaction = `nonce ${late.nonce} of ${session.signer.address}`;
    const detail = `eth_getTransactionReceipt: every endpoint answers null for ${transaction}, which a final block has used`;
    this.holds.set('rpc_unavailable', detail, source);
    session.signal.addEventListener('abort', () => this.holds.clear('rpc_unavailable', source), { once: true });
  }

  private isDue(slot: OpenSlot, lowest: boolean): boolean {
    const replaced = lowest || isRefused(slot) ? this.replaceAfterMs(slot) : this.config.replaceAfterMs;
    return slot.awaitingReplication || performance.now() - slot.sentAt >= Math.min(REBROADCAST_AFTER_MS, replaced);
  }

  /** Milliseconds that an attempt has before it is replaced. */
  private replaceAfterMs({ refusal }: OpenSlot): number {
    const { replaceAfterMs } = this.config;
    if (refusal === null || !isCurable(refusal)) return replaceAfterMs;
    return Math.min(replaceAfterMs, RETRY_REFUSED_AFTER_MS * 2 ** Math.max(0, refusal.count - QUICK_RETRIES));
  }

  /** @param next whether the chain waits for exactly this nonce: of those that nodes have, only that is worth a higher fee */
  private async rebroadcastOrReplace(session: LaneSession, slot: OpenSlot, next: boolean): Promise<void> {
    const attempt = latestAttempt(slot);
    // What was never sent is not worth a higher fee.
    if (slot.awaitingReplication) return await this.sender.rebroadcast(session, slot);
    slot.obstacle = null;
    if (this.mayReplace(slot, next) && performance.now() - slot.attemptedAt >= this.replaceAfterMs(slot)) {
      try {
        return await this.sender.replace(session, slot);
      } catch (error) {
        // It stays as it is, and goes on when the obstacle is gone.
        if (!(error instanceof HoldError)) throw error;
        slot.obstacle = error;
        this.logger.warn({
          event: 'fee_bump.postponed',
          message: 'fee bump postponed',
          reason: error.reason,
          detail: error.message,
        });
      }
    }
    if (slot.sentAt === -Infinity || isRefused(slot) || (await this.isKnown(attempt.hash)) !== true)
      await this.sender.rebroadcast(session, slot);
    else slot.sentAt = performance.now();
  }

  /** What may have been sent by an earlier process is sent again as it is, before anything else is signed. */
  private mayReplace(slot: OpenSlot, next: boolean): boolean {
    if (slot.sentAt === -Infinity) return false;
    return next || (isRefused(slot) && slot.refusal !== null && isCurable(slot.refusal));
  }

  /** The session is over: the hold of its lane is for the next owner to set. */
  end(session: LaneSession): void {
    this.laneHolds.clearBlocked(session.signer.address);
  }

  /** Everything after a nonce that cannot move waits: that holds the lane. */
  private updateLaneHold(session: LaneSession): void {
    const lane = session.signer.address;
    const [first] = session.ended ? [] : session.slots.unmined;
    if (first?.obstacle) this.laneHolds.setBlocked(lane, first.obstacle);
    else if (!first?.refusal || !isRefused(first)) this.laneHolds.clearBlocked(lane);
    else if (first.refusal.count >= REFUSALS_TO_HOLD) {
      const { count, words } = first.refusal;
      const detail = `nonce ${first.nonce} of ${lane}: refused ${count} times, accepted by no endpoint: "${words}"`;
      this.laneHolds.setBlocked(lane, new HoldError('nodes_refuse', detail));
    }
  }

  /**
   * The account has used this nonce, and none of our hashes has a receipt. A lagging node looks the same, so the slot
   * is given up only on evidence from a final block, several times over, and while no node has ours (J3). A node that is
   * still indexing looks the same, too: the block itself says whose transaction it is. The jobs are simulated again after
   * that, which finds the token if one of our transactions made it after all.
   */
  private async handleNonceTaken(session: LaneSession, slot: OpenSlot): Promise<void> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    const finallyTaken = await this.finalNonce(session, finalBlock);
    if (finallyTaken === null || finallyTaken > slot.nonce)
      this.withoutReceipt.set(slot, this.withoutReceipt.get(slot) ?? performance.now());
    else this.withoutReceipt.delete(slot);
    const evident = (finallyTaken ?? 0) > slot.nonce && !(await this.isKnownToNode(slot));
    slot.nonceTakenPasses = evident ? slot.nonceTakenPasses + 1 : 0;
    if (slot.nonceTakenPasses < PASSES_TO_CONFIRM) return;
    slot.nonceTakenPasses = 0;
    const mined = await this.findMined(session, slot, finalBlock);
    if (slot.attempts.some(({ hash }) => hash === mined?.hash)) return;
    const foreign = mined !== null || !(await this.hasToken(slot, finalBlock));
    if (foreign) {
      this.logger.error({
        event: 'transaction.foreign_mined',
        message: 'foreign transaction took the nonce',
        lane: session.signer.address,
        nonce: slot.nonce,
        transaction_hash: mined?.hash,
      });
    }
    await this.giveUp(session, slot, { finalBlock, foreign });
  }

  private async giveUp(
    session: LaneSession,
    slot: OpenSlot,
    { finalBlock, foreign }: { readonly finalBlock: number; readonly foreign: boolean },
  ): Promise<void> {
    const findings = slot.jobs.map((job) => ({ kind: 'returned' as const, modelId: job.request.record.modelId }));
    const closed = { lease: session.lease, nonce: slot.nonce, block: finalBlock };
    if (!(await this.outcomes.complete(closed, findings))) return session.end();
    failpoint('returned');
    if (foreign) this.metrics.transactionsTotal.inc({ kind: slot.kind, outcome: 'foreign' });
    session.slots.remove(slot);
    this.pending.requeue(slot.jobs);
  }

  /** Null where the node keeps no state of the final block. @throws RpcUnavailableError */
  private async finalNonce(session: LaneSession, finalBlock: number): Promise<number | null> {
    if (finalBlock < 0) return 0;
    try {
      return await this.reader.nonce(session.signer.address, finalBlock);
    } catch (error) {
      if (error instanceof RpcError) return null;
      throw error;
    }
  }

  /** A node that has a transaction of ours and no receipt for it is behind, or still indexing. */
  private async isKnownToNode(slot: OpenSlot): Promise<boolean> {
    for (const { hash } of slot.attempts) if ((await this.isKnown(hash)) !== false) return true;
    return false;
  }

  /** Null when no endpoint says it so that it can be read. */
  private async isKnown(hash: string): Promise<boolean | null> {
    try {
      return await this.reader.knows(hash);
    } catch (error) {
      if (error instanceof RpcError || error instanceof RpcUnavailableError) return null;
      throw error;
    }
  }

  /** The final transaction with the slot's nonce; null when the node keeps no state that old. @throws RpcUnavailableError */
  private async findMined(session: LaneSession, { nonce }: OpenSlot, block: number): Promise<MinedTransaction | null> {
    try {
      const pages = this.transactionFinder.findMined(session.signer.address, nonce, nonce + 1, block);
      for await (const [transaction] of pages) return transaction ?? null;
      return null;
    } catch (error) {
      if (error instanceof RpcError) return null;
      throw error;
    }
  }

  /** Whether a job of the slot has its token: then the next simulation finds it, whoever made it. */
  private async hasToken({ jobs }: OpenSlot, finalBlock: number): Promise<boolean> {
    const { open } = await this.backend.adopt(jobs, finalBlock);
    return open.length < jobs.length;
  }
}
