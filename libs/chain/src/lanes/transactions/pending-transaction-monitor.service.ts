import { Injectable, Logger } from '@nestjs/common';
import { HoldError, JobResultHandler, failpoint } from '#core';
import { ChainConfig } from '#config';
import { Metrics } from '#telemetry';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { latestAttempt, type OpenSlot } from './open-slots.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { TransactionSender } from './transaction-sender.service.js';

/**
 * A transaction that no block holds is asked about, and sent again when the node lost it, this long after its last
 * broadcast, or sooner when it is to be replaced sooner.
 */
const REBROADCAST_AFTER_MS = 5_000;
/** What a node refused as too cheap is not waited for any longer than the market needs to move. */
const BUMP_UNDERPRICED_AFTER_MS = 1_000;
/** Passes that must agree, on a final block, that something else took a nonce. */
const PASSES_TO_CONFIRM = 3;

/** Slots that no block holds yet: sent again, offered for more, or given up when their nonce was finally taken. */
@Injectable()
export class PendingTransactionMonitor {
  private readonly logger = new Logger(PendingTransactionMonitor.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly sender: TransactionSender,
    private readonly outcomes: JobResultHandler,
    private readonly pending: PendingJobs,
    private readonly config: ChainConfig,
    private readonly metrics: Metrics,
  ) {}

  async check(session: LaneSession): Promise<void> {
    const waiting = session.slots.unmined.filter((slot, index) => this.isDue(slot, index === 0));
    if (waiting.length === 0) return;
    const taken = await this.reader.nonce(session.signer.address, 'latest');
    for (const slot of waiting) {
      if (session.ended) return;
      if (slot.nonce < taken) await this.handleNonceTaken(session, slot);
      else await this.rebroadcastOrBump(session, slot, slot.nonce === taken);
    }
  }

  private isDue(slot: OpenSlot, lowest: boolean): boolean {
    const patience = Math.min(REBROADCAST_AFTER_MS, lowest ? this.bumpAfterMs(slot) : this.config.replaceAfterMs);
    return slot.awaitingReplication || Date.now() - slot.sentAt >= patience;
  }

  /** Milliseconds that an attempt has before it is replaced. */
  private bumpAfterMs({ underpriced }: OpenSlot): number {
    return underpriced ? Math.min(BUMP_UNDERPRICED_AFTER_MS, this.config.replaceAfterMs) : this.config.replaceAfterMs;
  }

  /** @param next whether the chain waits for exactly this nonce: only that slot is worth a higher fee */
  private async rebroadcastOrBump(session: LaneSession, slot: OpenSlot, next: boolean): Promise<void> {
    const attempt = latestAttempt(slot);
    // What was never sent is not worth a higher fee.
    if (slot.awaitingReplication) return await this.sender.rebroadcast(session, slot);
    if (next && Date.now() - attempt.signedAt >= this.bumpAfterMs(slot)) {
      try {
        return await this.sender.bumpFee(session, slot);
      } catch (error) {
        // Above the cap it stays as it is, and goes on when the market comes down.
        if (!(error instanceof HoldError)) throw error;
        this.logger.warn({
          event: 'fee_bump.postponed',
          message: 'fee bump postponed',
          reason: error.reason,
          detail: error.message,
        });
      }
    }
    if (slot.sentAt === 0 || !(await this.reader.knows(attempt.hash))) await this.sender.rebroadcast(session, slot);
    else slot.sentAt = Date.now();
  }

  /**
   * The account has used this nonce, and none of our hashes has a receipt. A lagging node looks the same, so the slot
   * is given up only on evidence from a final block, several times over, and while no node has ours (J3). The jobs are
   * simulated again after that, which finds the token if one of our transactions made it after all.
   */
  private async handleNonceTaken(session: LaneSession, slot: OpenSlot): Promise<void> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    const finallyTaken = finalBlock >= 0 ? await this.reader.nonce(session.signer.address, finalBlock) : 0;
    const evident = finallyTaken > slot.nonce && !(await this.isKnownToNode(slot));
    slot.nonceTakenPasses = evident ? slot.nonceTakenPasses + 1 : 0;
    if (slot.nonceTakenPasses < PASSES_TO_CONFIRM) return;
    this.logger.error({
      event: 'transaction.foreign_mined',
      message: 'foreign transaction took the nonce',
      lane: session.signer.address,
      nonce: slot.nonce,
    });
    const findings = slot.jobs.map((job) => ({ kind: 'returned' as const, modelId: job.request.record.modelId }));
    const closed = { lease: session.lease, nonce: slot.nonce, block: finalBlock };
    if (!(await this.outcomes.complete(closed, findings))) return session.end();
    failpoint('returned');
    this.metrics.transactionsTotal.inc({ kind: slot.kind, outcome: 'foreign' });
    session.slots.remove(slot);
    this.pending.requeue(slot.jobs);
  }

  /** A node that has a transaction of ours and no receipt for it is behind, or still indexing. */
  private async isKnownToNode(slot: OpenSlot): Promise<boolean> {
    for (const { hash } of slot.attempts) if (await this.reader.knows(hash)) return true;
    return false;
  }
}
