import { Injectable, Logger } from '@nestjs/common';
import {
  type Attempt,
  type CommitResult,
  HoldError,
  HoldRegistry,
  type JournalResult,
  LaneJournal,
  LoopReport,
  type PreparedTransaction,
  failpoint,
  type Slot,
  sleep,
  type SpendCharge,
} from '#core';
import { type DeploymentStage, Metrics, type REPLACEMENT_REASONS } from '#telemetry';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';
import { SpendGovernor } from '../../spending/spend-governor.service.js';
import { ReplicationGate } from './replication-gate.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { latestAttempt, type OpenSlot, recordSend, type SlotContent } from './open-slots.js';
import { PRICE_REFUSALS, TransactionSigner } from './transaction-signer.service.js';

const JOURNAL_RETRY_MS = 500;

/** Signs, journals and only then broadcasts transactions (J1). */
@Injectable()
export class TransactionSender {
  private readonly logger = new Logger(TransactionSender.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly signer: TransactionSigner,
    private readonly rpc: RpcPool,
    private readonly replicationGate: ReplicationGate,
    private readonly governor: SpendGovernor,
    private readonly metrics: Metrics,
    private readonly holds: HoldRegistry,
  ) {}

  /**
   * Journals and broadcasts a new transaction.
   *
   * @throws HoldError before journaling when fees, funds, budgets or the circuit breaker do not allow it
   */
  async sendNew(session: LaneSession, transaction: PreparedTransaction): Promise<CommitResult> {
    this.governor.requireCircuit();
    const nonce = session.nextNonce;
    const records = transaction.jobs.map((job) => job.request.record);
    const modelIds = records.map(({ modelId }) => modelId);
    const { attempt, result } = await this.journalSigned<CommitResult>(session, transaction, {
      sign: async () => {
        const signed = await this.measure('signing', () => this.signer.signFirst(session, transaction, nonce));
        failpoint('signed');
        return signed;
      },
      write: (signed, charge) => {
        // A slot that is journaled now would stay unsent until the lane is acquired again.
        if (session.ended) return Promise.resolve({ kind: 'fenced' });
        const slot = { nonce, modelIds, attempts: [signed] };
        return this.measure('journal', () => this.journal.commit(session.lease, slot, records, charge));
      },
    });
    if (result.kind !== 'committed') return result;
    failpoint('committed');
    session.nextNonce += 1;
    const slot: Slot = { nonce, modelIds, attempts: [attempt] };
    const open = session.slots.add(slot, transaction, performance.now());
    await this.measure('broadcast', () => this.broadcast(session, open, 'first'));
    failpoint('sent');
    return result;
  }

  /**
   * Journals and broadcasts a transaction without effect for a nonce below the next one.
   *
   * @throws HoldError before journaling when fees, funds or budgets do not allow it
   */
  async fillGap(session: LaneSession, nonce: number): Promise<void> {
    const transaction = await this.signer.prepareNoop(session);
    const slotOf = (attempt: Attempt): Slot => ({ nonce, modelIds: [], attempts: [attempt] });
    const { attempt, result } = await this.journalSigned(session, transaction, {
      sign: () => this.signer.signFirst(session, transaction, nonce),
      write: (signed, charge) => this.journal.fillGap(session.lease, slotOf(signed), charge),
    });
    if (result.kind !== 'committed') return session.end();
    const open = session.slots.add(slotOf(attempt), transaction, performance.now());
    await this.broadcast(session, open, 'first');
  }

  /** Broadcasts the latest journaled attempt again. */
  async rebroadcast(session: LaneSession, slot: OpenSlot): Promise<void> {
    await this.broadcast(session, slot, 'again');
    failpoint('resent');
  }

  /**
   * Signs and broadcasts the next attempt of a slot that is not mined or that every node refuses.
   *
   * @throws HoldError when fees, budgets or the sender's role do not allow it now
   */
  async replace(session: LaneSession, slot: OpenSlot): Promise<void> {
    const latest = latestAttempt(slot);
    const { attempt, result } = await this.journalSigned(session, slot, {
      sign: () => this.signer.signNext(session, slot),
      write: (signed, charge) =>
        signed.hash === latest.hash
          ? Promise.resolve({ kind: 'committed' })
          : this.journal.addAttempt(session.lease, slot.nonce, signed, charge),
    });
    if (result.kind !== 'committed') return session.end();
    if (attempt.hash === latest.hash) return await this.rebroadcast(session, slot);
    failpoint('bumped');
    slot.attempts = [...slot.attempts, attempt];
    slot.attemptedAt = performance.now();
    this.metrics.transactionReplacementsTotal.inc({ reason: replacementReason(slot) });
    await this.broadcast(session, slot, 'replacement');
    failpoint('replaced');
  }

  private async broadcast(
    session: LaneSession,
    slot: OpenSlot,
    occasion: 'first' | 'again' | 'replacement',
  ): Promise<void> {
    if (session.ended || !(await this.replicationGate.mayBroadcast(session, slot))) return;
    const attempt = latestAttempt(slot);
    slot.sentAt = performance.now();
    const report = await this.rpc.send(attempt.raw);
    recordSend(slot, attempt, report);
    if (slot.refusal !== null) this.signer.learn(slot.refusal, attempt);
    this.logger.log({
      event: 'transaction.sent',
      message: 'transaction sent',
      occasion,
      answer: report.result,
      words: report.words ?? undefined,
      lane: session.signer.address,
      nonce: slot.nonce,
      transaction_hash: attempt.hash,
      tokens: slot.jobs.length,
    });
  }

  /**
   * Signs and journals a transaction, and again while the policy changes in between.
   *
   * @throws HoldError when fees, funds, budgets or the circuit breaker do not allow it
   */
  private async journalSigned<R extends CommitResult = JournalResult>(
    session: LaneSession,
    content: SlotContent,
    step: {
      readonly sign: () => Promise<Attempt>;
      readonly write: (attempt: Attempt, charge: SpendCharge) => Promise<R>;
    },
  ): Promise<{ readonly attempt: Attempt; readonly result: R }> {
    for (;;) {
      const attempt = await step.sign();
      const charge = await this.governor.chargeFor(content, attempt);
      const result = await this.retryJournalWrite(session, () => step.write(attempt, charge));
      if (result.kind === 'over-budget') throw await this.governor.overBudget(charge);
      if (result.kind === 'circuit-open') throw await this.governor.circuitOpen();
      if (result.kind !== 'policy-changed') return { attempt, result };
      await this.governor.refresh();
    }
  }

  /** Repeats an idempotent journal write until its result is known. An unknown result must not count as a failure. */
  private async retryJournalWrite<T>(session: LaneSession, write: () => Promise<T>): Promise<T> {
    const lane = session.signer.address;
    const report = new LoopReport(this.holds, `journal of ${lane}`, lane);
    for (;;) {
      try {
        const result = await write();
        report.succeeded();
        return result;
      } catch (error) {
        report.failed(error);
        if (session.ended) report.succeeded();
        if (session.ended) throw new HoldError('redis_unavailable', 'the journal cannot be written', { cause: error });
        const message = 'journal write failed, retrying';
        this.logger.warn({ event: 'journal.write_failed', message, lane, error });
        await sleep(JOURNAL_RETRY_MS, session.signal);
      }
    }
  }

  private async measure<T>(stage: DeploymentStage, step: () => Promise<T>): Promise<T> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage });
    const result = await step();
    stop();
    return result;
  }
}

function replacementReason({ refusal }: OpenSlot): (typeof REPLACEMENT_REASONS)[number] {
  if (refusal === null) return 'not_mined';
  return PRICE_REFUSALS.has(refusal.result) ? 'too_cheap' : 'refused';
}
