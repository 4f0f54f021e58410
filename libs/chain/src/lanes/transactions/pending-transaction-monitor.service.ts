import { Injectable, Logger } from '@nestjs/common';
import { HoldError, HoldRegistry, JobResultHandler, failpoint, TokenBackend } from '#core';
import { ChainConfig } from '#config';
import { Metrics } from '#telemetry';
import { ChainHead } from '../../head/chain-head.worker.js';
import { LaneTransactionFinder } from '../../history/lane-transaction-finder.service.js';
import { ChainReader, type MinedTransaction } from '../../rpc/chain-reader.js';
import { isRpcFailure, RpcError } from '../../rpc/rpc.errors.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { LaneHolds } from '../status/lane-holds.service.js';
import { isRefused, latestAttempt, type OpenSlot } from './open-slots.js';
import { OverdueSlots } from './overdue-slots.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { NonceGapFiller } from '../nonce/nonce-gap-filler.service.js';
import { TransactionSender } from './transaction-sender.service.js';
import { isCurable } from './transaction-signer.service.js';

/** Time after a broadcast until the node is asked for an unmined transaction, which is rebroadcast if it was dropped. */
const REBROADCAST_AFTER_MS = 5_000;
/** Time until a refused slot gets its next attempt. Doubles with each refusal after `QUICK_RETRIES`. */
const RETRY_REFUSED_AFTER_MS = 1_000;
const QUICK_RETRIES = 5;
/** Consecutive refusals that set a hold. */
const REFUSALS_TO_HOLD = 3;
/** Consecutive passes that must find the nonce used by another transaction at a final block. */
const PASSES_TO_CONFIRM = 3;
/** Minimum age of an unmined transaction that is reported; on slow chains a few blocks. */
const STUCK_AFTER_MS = 45_000;
const STUCK_AFTER_BLOCKS = 4;

/** Rebroadcasts or replaces stuck transactions, and closes slots whose nonce another transaction finally used. */
@Injectable()
export class PendingTransactionMonitor {
  private readonly logger = new Logger(PendingTransactionMonitor.name);

  /** Slots without a receipt whose nonce is finally used. */
  private readonly withoutReceipt: OverdueSlots;

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly transactionFinder: LaneTransactionFinder,
    private readonly backend: TokenBackend,
    private readonly sender: TransactionSender,
    private readonly outcomes: JobResultHandler,
    private readonly pending: PendingJobs,
    private readonly gaps: NonceGapFiller,
    private readonly holds: HoldRegistry,
    private readonly laneHolds: LaneHolds,
    private readonly config: ChainConfig,
    private readonly metrics: Metrics,
  ) {
    const failure = `eth_getTransactionReceipt on ${reader.endpointNames}: null for`;
    this.withoutReceipt = new OverdueSlots(
      holds,
      'receipts of',
      (transaction) => `${failure} ${transaction}, which is used at a final block`,
    );
  }

  async check(session: LaneSession): Promise<void> {
    try {
      await this.checkUnmined(session);
    } finally {
      this.withoutReceipt.updateHold(session, session.slots.unmined);
      this.updateLaneHold(session);
      this.reportStuck(session);
    }
  }

  private async checkUnmined(session: LaneSession): Promise<void> {
    const { unmined } = session.slots;
    if (unmined.length === 0) this.gaps.clear(session);
    const due = unmined.filter((slot, index) => this.isDue(slot, index === 0));
    if (due.length === 0) return;
    const nextNonce = await this.reader.nonce(session.signer.address, 'latest');
    await this.gaps.check(session, nextNonce);
    for (const slot of due) {
      if (session.ended) return;
      if (slot.nonce < nextNonce) await this.handleNonceTaken(session, slot);
      else {
        this.withoutReceipt.remove(slot);
        await this.rebroadcastOrReplace(session, slot, slot.nonce === nextNonce);
      }
    }
  }

  private isDue(slot: OpenSlot, lowest: boolean): boolean {
    const replaced = lowest || isRefused(slot) ? this.replaceAfterMs(slot) : this.config.replaceAfterMs;
    return slot.awaitingReplication || performance.now() - slot.sentAt >= Math.min(REBROADCAST_AFTER_MS, replaced);
  }

  /** Returns the milliseconds until an attempt is replaced. */
  private replaceAfterMs({ refusal }: OpenSlot): number {
    const { replaceAfterMs } = this.config;
    if (refusal === null || !isCurable(refusal)) return replaceAfterMs;
    return Math.min(replaceAfterMs, RETRY_REFUSED_AFTER_MS * 2 ** Math.max(0, refusal.count - QUICK_RETRIES));
  }

  /** @param next whether this is the account's next nonce: a higher fee helps no later nonce in a mempool */
  private async rebroadcastOrReplace(session: LaneSession, slot: OpenSlot, next: boolean): Promise<void> {
    const attempt = latestAttempt(slot);
    // An attempt that was never broadcast needs no higher fee.
    if (slot.awaitingReplication) return await this.sender.rebroadcast(session, slot);
    slot.obstacle = null;
    const isDue = performance.now() - slot.attemptedAt >= this.replaceAfterMs(slot);
    if (isDue && (await this.mayReplace(slot, next))) {
      try {
        return await this.sender.replace(session, slot);
      } catch (error) {
        // The replacement is retried when the hold is gone.
        if (!(error instanceof HoldError)) throw error;
        slot.obstacle = error;
        const { reason, message: detail } = error;
        this.logger.warn({ event: 'fee_bump.postponed', message: 'fee bump postponed', reason, detail });
      }
    }
    if (slot.sentAt === -Infinity || isRefused(slot) || (await this.isKnown(attempt.hash)) !== true)
      await this.sender.rebroadcast(session, slot);
    else slot.sentAt = performance.now();
  }

  /**
   * Attempts of an earlier process are rebroadcast unchanged before another one is signed. A refusal for an unknown reason is
   * not of the fee, unless a node has the transaction all the same.
   */
  private async mayReplace(slot: OpenSlot, next: boolean): Promise<boolean> {
    if (slot.sentAt === -Infinity) return false;
    if (!isRefused(slot)) return next;
    if (slot.refusal.result === 'unknown') return next && (await this.isKnown(latestAttempt(slot).hash)) === true;
    return next || isCurable(slot.refusal);
  }

  /** Clears the hold of a session that ended. The next owner of the lane sets its own. */
  end(session: LaneSession): void {
    this.withoutReceipt.updateHold(session, session.slots.unmined);
    this.reportStuck(session);
    this.laneHolds.clearBlocked(session.signer.address);
  }

  /** Reports the lowest open nonce that is not mined in time. Pauses nothing: the lane may have free slots. */
  private reportStuck(session: LaneSession): void {
    const lane = session.signer.address;
    const [first, ...later] = session.ended ? [] : session.slots.unmined;
    const ageMs = first === undefined ? 0 : performance.now() - first.openedAt;
    const source = `unmined transaction of ${lane}`;
    if (first === undefined || ageMs < Math.max(STUCK_AFTER_MS, STUCK_AFTER_BLOCKS * this.config.blockTimeMs))
      return this.holds.withdraw(source);
    const detail =
      `nonce ${first.nonce} of ${lane} is not mined after ${first.attempts.length} attempts, ` +
      `the last is ${latestAttempt(first).hash}; ${later.length} later nonces wait for it`;
    this.holds.report(source, 'transaction_stuck', detail, lane);
  }

  /** Holds the lane while its lowest open nonce cannot be mined: every later nonce waits for it. */
  private updateLaneHold(session: LaneSession): void {
    const lane = session.signer.address;
    const [first] = session.ended ? [] : session.slots.unmined;
    const gap = session.ended ? null : this.gaps.holdOf(session);
    if (first?.obstacle) this.laneHolds.setBlocked(lane, first.obstacle);
    else if (gap) this.laneHolds.setBlocked(lane, gap);
    else if (first === undefined || !isRefused(first)) this.laneHolds.clearBlocked(lane);
    else if (first.refusal.count >= REFUSALS_TO_HOLD) {
      const { count, words } = first.refusal;
      const by = `eth_sendRawTransaction on ${this.reader.endpointNames}`;
      const detail = `nonce ${first.nonce} of ${lane}: refused ${count} times, accepted by none (${by}): "${words}"`;
      this.laneHolds.setBlocked(lane, new HoldError('nodes_refuse', detail));
    }
  }

  /**
   * Handles a used nonce without a receipt of the slot's attempts. A lagging node looks the same, so the slot is closed only
   * when several passes agree at a final block and the node knows none of the attempts (J3). A node that is still indexing
   * looks the same, so the block itself must show which transaction it is. The jobs are requeued, and their simulation finds
   * the token in case an attempt deployed it.
   */
  private async handleNonceTaken(session: LaneSession, slot: OpenSlot): Promise<void> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    const finalNonce = finalBlock < 0 ? 0 : await this.reader.nonceAt(session.signer.address, finalBlock);
    if (finalNonce === null || finalNonce > slot.nonce) this.withoutReceipt.add(slot);
    else this.withoutReceipt.remove(slot);
    const taken = (finalNonce ?? 0) > slot.nonce && !(await this.isKnownToNode(slot));
    slot.nonceTakenPasses = taken ? slot.nonceTakenPasses + 1 : 0;
    if (slot.nonceTakenPasses < PASSES_TO_CONFIRM) return;
    slot.nonceTakenPasses = 0;
    const mined = await this.findMined(session, slot, finalBlock);
    if (slot.attempts.some(({ hash }) => hash === mined?.hash)) return;
    const foreign = slot.kind !== 'noop' && (mined !== null || !(await this.hasToken(slot, finalBlock)));
    if (foreign) {
      const message = 'foreign transaction took the nonce';
      const [lane, { nonce }] = [session.signer.address, slot];
      this.logger.error({ event: 'transaction.foreign_mined', message, lane, nonce, transaction_hash: mined?.hash });
    }
    await this.closeSlot(session, slot, { finalBlock, foreign });
  }

  private async closeSlot(
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

  /** A node that knows an attempt without a receipt is behind, or still indexing. */
  private async isKnownToNode(slot: OpenSlot): Promise<boolean> {
    for (const { hash } of slot.attempts) if ((await this.isKnown(hash)) !== false) return true;
    return false;
  }

  /** Returns null when no endpoint returns a readable result. */
  private async isKnown(hash: string): Promise<boolean | null> {
    try {
      return await this.reader.knows(hash);
    } catch (error) {
      if (isRpcFailure(error)) return null;
      throw error;
    }
  }

  /** Returns the final transaction with the slot's nonce, or null when the node has pruned it. @throws RpcUnavailableError */
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

  /** Whether a job of the slot has its token. The next simulation then finds it. */
  private async hasToken({ jobs }: OpenSlot, finalBlock: number): Promise<boolean> {
    const { open } = await this.backend.adopt(jobs, finalBlock);
    return open.length < jobs.length;
  }
}
