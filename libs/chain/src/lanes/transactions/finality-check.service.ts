import { Injectable, Logger } from '@nestjs/common';
import { HoldRegistry, type JobResult, type TransactionReceipt } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import type { OpenSlot } from './open-slots.js';

/** An endpoint that lags contradicts a receipt for a moment. */
const HOLD_AFTER_MS = 30_000;

/**
 * Compares final receipts with the state of the chain, on a second endpoint where there is one. A closed slot is never
 * sent again, so that a receipt of a transaction that the chain does not have would leave a nonce gap.
 */
@Injectable()
export class FinalityCheck {
  private readonly logger = new Logger(FinalityCheck.name);
  /** Slots whose receipt the state contradicts, and since when (monotonic). */
  private readonly contradicted = new WeakMap<OpenSlot, number>();

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly holds: HoldRegistry,
  ) {}

  /** Returns the receipts without those of final blocks whose nonce the account has not used. @throws RpcUnavailableError */
  async confirm(
    session: LaneSession,
    receipts: ReadonlyMap<OpenSlot, TransactionReceipt>,
  ): Promise<ReadonlyMap<OpenSlot, TransactionReceipt>> {
    const finalBlock = this.head.current?.finalBlock ?? -1;
    const isFinal = ([, { blockNumber }]: readonly [OpenSlot, TransactionReceipt]): boolean =>
      blockNumber <= finalBlock;
    if (![...receipts].some(isFinal)) return receipts;
    const used = await this.reader.confirmedNonce(session.signer.address, finalBlock);
    const confirmed = new Map([...receipts].filter((entry) => !isFinal(entry) || entry[0].nonce < used));
    for (const [slot, receipt] of receipts) {
      if (confirmed.has(slot)) this.contradicted.delete(slot);
      else this.contradict(session, slot, receipt);
    }
    return confirmed;
  }

  /** @throws RpcUnavailableError while a deployed token has no code */
  async requireCode(results: readonly JobResult[]): Promise<void> {
    // One transaction is mined as a whole: one of its tokens stands for all.
    const deployed = results.find((result) => 'token' in result);
    if (deployed === undefined || (await this.reader.hasCode(deployed.token.tokenAddress))) return;
    const { tokenAddress, transactionHash } = deployed.token;
    throw new RpcUnavailableError(
      `eth_getCode: the receipt of ${transactionHash} shows token ${tokenAddress}, which has no code`,
      'unreadable',
    );
  }

  /** Sets the hold while a receipt of the lane stays contradicted. */
  updateHold(session: LaneSession): void {
    const lane = session.signer.address;
    const source = `finality of ${lane}`;
    const slot = session.slots.all.find(
      (each) => performance.now() - (this.contradicted.get(each) ?? Infinity) >= HOLD_AFTER_MS,
    );
    if (slot === undefined || session.ended) return this.holds.clear('rpc_unavailable', source);
    const detail = `eth_getTransactionReceipt: an endpoint shows nonce ${slot.nonce} of ${lane} in a final block, where the account has not used it`;
    this.holds.set('rpc_unavailable', detail, source);
  }

  private contradict(session: LaneSession, slot: OpenSlot, { transactionHash, blockNumber }: TransactionReceipt): void {
    if (this.contradicted.has(slot)) return;
    this.contradicted.set(slot, performance.now());
    this.logger.error({
      event: 'transaction.receipt_contradicted',
      message: 'receipt contradicts the account nonce',
      lane: session.signer.address,
      nonce: slot.nonce,
      transaction_hash: transactionHash,
      block_number: blockNumber,
    });
  }
}
