import { Injectable, Logger } from '@nestjs/common';
import { formatEther } from 'ethers';
import {
  type Attempt,
  type CommitResult,
  Held,
  LaneJournal,
  type PreparedTransaction,
  reached,
  type Slot,
  pause,
} from '#core';
import { type DeploymentStage, Metrics } from '#telemetry';
import { ChainHead } from '../chain-head.js';
import { FeeQuotes } from '../fees/fee-quotes.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcPool } from '../rpc/rpc-pool.js';
import type { SendAnswer } from '../rpc/send-answer.js';
import { JournalGuard } from './journal-guard.js';
import { feeKind } from './lane-signer.js';
import type { LaneSession } from './lane-session.js';
import { newestAttempt, type OpenSlot } from './open-slots.js';

const JOURNAL_RETRY_MS = 500;

/** Answers that a higher fee changes. */
const TOO_CHEAP: ReadonlySet<SendAnswer> = new Set(['underpriced', 'replacement-underpriced', 'fee-below-base']);

/** Brings transactions on their way: quote, sign, journal, and only then send (J1). */
@Injectable()
export class SlotLauncher {
  private readonly logger = new Logger(SlotLauncher.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly fees: FeeQuotes,
    private readonly head: ChainHead,
    private readonly reader: ChainReader,
    private readonly rpc: RpcPool,
    private readonly guard: JournalGuard,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @throws Held when fees or funds do not allow a transaction now; nothing was journalled then
   */
  async launch(session: LaneSession, transaction: PreparedTransaction): Promise<CommitResult> {
    const attempt = await this.timed('signing', () => this.sign(session, transaction));
    reached('signed');
    // A slot that is journalled now would lie there unsent until somebody has the lane again.
    if (session.over) return { kind: 'fenced' };
    const modelIds = transaction.jobs.map((job) => job.request.record.modelId);
    const slot: Slot = { nonce: session.nextNonce, modelIds, attempts: [attempt] };
    const result = await this.timed('journal', () =>
      this.journalled(session, () => this.journal.commit(session.lease, slot)),
    );
    if (result.kind !== 'committed') return result;
    reached('committed');
    session.nextNonce += 1;
    const open = session.slots.add(slot, transaction, Date.now());
    await this.timed('broadcast', () => this.send(session, open, 'first'));
    reached('sent');
    return result;
  }

  /** Sends what stands in the journal once more. */
  async resend(session: LaneSession, slot: OpenSlot): Promise<void> {
    await this.send(session, slot, 'again');
    reached('resent');
  }

  /** Offers more for a slot that does not get mined. @throws Held when the cap does not allow it */
  async replace(session: LaneSession, slot: OpenSlot): Promise<void> {
    const previous = newestAttempt(slot);
    const fee = await this.fees.replacement(previous, feeKind(previous), this.baseFee());
    const attempt = session.signer.resign(previous, fee);
    const kept = await this.journalled(session, () => this.journal.addAttempt(session.lease, slot.nonce, attempt));
    if (!kept) return session.end();
    reached('bumped');
    slot.attempts = [...slot.attempts, attempt];
    this.metrics.transactionReplacementsTotal.inc({ reason: slot.tooCheap ? 'too_cheap' : 'not_mined' });
    await this.send(session, slot, 'replacement');
    reached('replaced');
  }

  private async sign(session: LaneSession, transaction: PreparedTransaction): Promise<Attempt> {
    const [fee, balance] = await Promise.all([
      this.fees.quote(this.baseFee()),
      this.reader.balance(session.signer.address),
    ]);
    requireFunds(session, balance, transaction.gasLimit * fee.maxFeePerGas + transaction.value);
    return session.signer.sign(transaction, session.nextNonce, fee);
  }

  private async send(session: LaneSession, slot: OpenSlot, occasion: 'first' | 'again' | 'replacement'): Promise<void> {
    if (session.over || !(await this.guard.admits(session, slot))) return;
    const attempt = newestAttempt(slot);
    slot.sentAt = Date.now();
    const answer = await this.rpc.send(attempt.raw);
    slot.tooCheap = TOO_CHEAP.has(answer);
    this.logger.log({
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
  private async journalled<T>(session: LaneSession, write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (session.over) throw new Held('redis_unavailable', 'the journal cannot be written', { cause: error });
        this.logger.warn({ message: 'journal write failed, trying again', lane: session.signer.address });
        await pause(JOURNAL_RETRY_MS, session.signal);
      }
    }
  }

  private async timed<T>(stage: DeploymentStage, step: () => Promise<T>): Promise<T> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage });
    const result = await step();
    stop();
    return result;
  }

  private baseFee(): bigint | null {
    return this.head.current?.block.baseFeePerGas ?? null;
  }
}

/** @throws Held when the account cannot pay for this transaction and all that it has promised */
function requireFunds(session: LaneSession, balance: bigint, cost: bigint): void {
  const promised = session.slots.unmined.reduce((sum, slot) => sum + worstCost(slot), 0n);
  if (balance >= promised + cost) return;
  const needed = formatEther(promised + cost);
  throw new Held(
    'insufficient_funds',
    `${session.signer.address} holds ${formatEther(balance)} ether and needs ${needed}`,
  );
}

function worstCost(slot: OpenSlot): bigint {
  const attempt = newestAttempt(slot);
  return attempt.gasLimit * attempt.maxFeePerGas + slot.value;
}
