import { Injectable, Logger } from '@nestjs/common';
import { formatEther } from 'ethers';
import {
  type Attempt,
  type CommitResult,
  HoldError,
  LaneJournal,
  type PreparedTransaction,
  failpoint,
  type Slot,
  sleep,
} from '#core';
import { type DeploymentStage, Metrics } from '#telemetry';
import { ChainHead } from '../../head/chain-head.worker.js';
import { FeeEstimator } from '../../fees/fee-estimator.service.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';
import type { SendResult } from '../../rpc/pool/send-result.js';
import { ReplicationGate } from './replication-gate.service.js';
import { feeKind } from './lane-signer.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { latestAttempt, type OpenSlot } from './open-slots.js';

const JOURNAL_RETRY_MS = 500;

/** Answers that a higher fee changes. */
const UNDERPRICED_RESULTS: ReadonlySet<SendResult> = new Set([
  'underpriced',
  'replacement-underpriced',
  'fee-below-base',
]);

/** Brings transactions on their way: quote, sign, journal, and only then send (J1). */
@Injectable()
export class TransactionSender {
  private readonly logger = new Logger(TransactionSender.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly fees: FeeEstimator,
    private readonly head: ChainHead,
    private readonly reader: ChainReader,
    private readonly rpc: RpcPool,
    private readonly replicationGate: ReplicationGate,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @throws HoldError when fees or funds do not allow a transaction now; nothing was journalled then
   */
  async sendNew(session: LaneSession, transaction: PreparedTransaction): Promise<CommitResult> {
    const attempt = await this.measure('signing', () => this.sign(session, transaction));
    failpoint('signed');
    // A slot that is journalled now would lie there unsent until somebody has the lane again.
    if (session.ended) return { kind: 'fenced' };
    const modelIds = transaction.jobs.map((job) => job.request.record.modelId);
    const slot: Slot = { nonce: session.nextNonce, modelIds, attempts: [attempt] };
    const result = await this.measure('journal', () =>
      this.retryJournalWrite(session, () => this.journal.commit(session.lease, slot)),
    );
    if (result.kind !== 'committed') return result;
    failpoint('committed');
    session.nextNonce += 1;
    const open = session.slots.add(slot, transaction, Date.now());
    await this.measure('broadcast', () => this.broadcast(session, open, 'first'));
    failpoint('sent');
    return result;
  }

  /** Sends what stands in the journal once more. */
  async rebroadcast(session: LaneSession, slot: OpenSlot): Promise<void> {
    await this.broadcast(session, slot, 'again');
    failpoint('resent');
  }

  /** Offers more for a slot that does not get mined. @throws HoldError when the cap does not allow it */
  async bumpFee(session: LaneSession, slot: OpenSlot): Promise<void> {
    const previous = latestAttempt(slot);
    const fee = await this.fees.estimateReplacement(previous, feeKind(previous), this.baseFee());
    const attempt = session.signer.signReplacement(previous, fee);
    const kept = await this.retryJournalWrite(session, () =>
      this.journal.addAttempt(session.lease, slot.nonce, attempt),
    );
    if (!kept) return session.end();
    failpoint('bumped');
    slot.attempts = [...slot.attempts, attempt];
    this.metrics.transactionReplacementsTotal.inc({ reason: slot.underpriced ? 'too_cheap' : 'not_mined' });
    await this.broadcast(session, slot, 'replacement');
    failpoint('replaced');
  }

  private async sign(session: LaneSession, transaction: PreparedTransaction): Promise<Attempt> {
    const [fee, balance] = await Promise.all([
      this.fees.estimate(this.baseFee()),
      this.reader.balance(session.signer.address),
    ]);
    requireFunds(session, balance, transaction.gasLimit * fee.maxFeePerGas + transaction.value);
    return session.signer.sign(transaction, session.nextNonce, fee);
  }

  private async broadcast(
    session: LaneSession,
    slot: OpenSlot,
    occasion: 'first' | 'again' | 'replacement',
  ): Promise<void> {
    if (session.ended || !(await this.replicationGate.mayBroadcast(session, slot))) return;
    const attempt = latestAttempt(slot);
    slot.sentAt = Date.now();
    const answer = await this.rpc.send(attempt.raw);
    slot.underpriced = UNDERPRICED_RESULTS.has(answer);
    this.logger.log({
      event: 'transaction.sent',
      message: 'transaction sent',
      occasion,
      answer,
      lane: session.signer.address,
      nonce: slot.nonce,
      transaction_hash: attempt.hash,
      tokens: slot.jobs.length,
    });
  }

  /**
   * Repeats a journal write until its outcome is known: an unknown one must not be taken for a failure. The writes are
   * safe to repeat.
   */
  private async retryJournalWrite<T>(session: LaneSession, write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (session.ended) throw new HoldError('redis_unavailable', 'the journal cannot be written', { cause: error });
        this.logger.warn({
          event: 'journal.write_failed',
          message: 'journal write failed, retrying',
          lane: session.signer.address,
        });
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

  private baseFee(): bigint | null {
    return this.head.current?.block.baseFeePerGas ?? null;
  }
}

/** @throws HoldError when the account cannot pay for this transaction and all that it has promised */
function requireFunds(session: LaneSession, balance: bigint, cost: bigint): void {
  const reserved = session.slots.unmined.reduce((sum, slot) => sum + maxCost(slot), 0n);
  if (balance >= reserved + cost) return;
  const needed = formatEther(reserved + cost);
  throw new HoldError(
    'insufficient_funds',
    `${session.signer.address} holds ${formatEther(balance)} ether and needs ${needed}`,
  );
}

function maxCost(slot: OpenSlot): bigint {
  const attempt = latestAttempt(slot);
  return attempt.gasLimit * attempt.maxFeePerGas + slot.value;
}
