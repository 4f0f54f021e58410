import { Injectable, Logger } from '@nestjs/common';
import { type Block, HoldRegistry, type JobResult, type TransactionReceipt } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import type { OpenSlot } from './open-slots.js';
import { OverdueSlots } from './overdue-slots.js';

/**
 * Compares final receipts with the state of the chain, on a second endpoint where there is one. A closed slot is never
 * sent again, so that a receipt of a transaction that the chain does not have would leave a nonce gap.
 */
@Injectable()
export class FinalityCheck {
  private readonly logger = new Logger(FinalityCheck.name);
  /** Slots whose receipt the state contradicts. */
  private readonly contradicted: OverdueSlots;
  /** Slots whose receipt names a block above the newest one. */
  private readonly above: OverdueSlots;
  /** Slots whose receipt names a block that the chain does not have at its number. */
  private readonly misplaced: OverdueSlots;

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    holds: HoldRegistry,
  ) {
    this.contradicted = new OverdueSlots(
      holds,
      'finality of',
      (transaction) =>
        `eth_getTransactionReceipt on ${reader.endpointNames}: ${transaction} is in a final block, where the account has not used it`,
    );
    this.above = new OverdueSlots(
      holds,
      'newest block for',
      (transaction) =>
        `eth_getTransactionReceipt on ${reader.endpointNames}: ${transaction} is above the newest block of eth_getBlockByNumber`,
    );
    this.misplaced = new OverdueSlots(
      holds,
      'block of',
      (transaction) =>
        `eth_getTransactionReceipt on ${reader.endpointNames}: ${transaction} is in another block than eth_getBlockByNumber returns`,
    );
  }

  /** Returns the receipts without those of final blocks whose nonce the account has not used. @throws RpcUnavailableError */
  async confirm(
    session: LaneSession,
    receipts: ReadonlyMap<OpenSlot, TransactionReceipt>,
  ): Promise<ReadonlyMap<OpenSlot, TransactionReceipt>> {
    const { block, finalBlock = -1 } = this.head.current ?? {};
    for (const [slot, { blockNumber }] of receipts)
      if (block !== undefined && blockNumber > block.number) this.above.add(slot);
      else this.above.remove(slot);
    const isFinal = ([, { blockNumber }]: readonly [OpenSlot, TransactionReceipt]): boolean =>
      blockNumber <= finalBlock;
    if (![...receipts].some(isFinal)) return receipts;
    const used = await this.reader.confirmedNonce(session.signer.address, finalBlock);
    const confirmed = new Map([...receipts].filter((entry) => !isFinal(entry) || entry[0].nonce < used));
    for (const [slot, receipt] of receipts) {
      if (confirmed.has(slot)) this.contradicted.remove(slot);
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
    const reason = `the receipt of ${transactionHash} shows token ${tokenAddress}, which has no code`;
    throw this.reader.contradiction('eth_getCode', reason);
  }

  /** Whether the block is the one that the receipt names. Another one is a reorg, or a receipt that is wrong. */
  isInBlock(slot: OpenSlot, receipt: TransactionReceipt, block: Block | null): block is Block {
    const isSame = block?.hash === receipt.blockHash;
    if (isSame) this.misplaced.remove(slot);
    else this.misplaced.add(slot);
    return isSame;
  }

  /** Sets the holds while a receipt of the lane stays contradicted. */
  updateHold(session: LaneSession): void {
    const mined = session.slots.all.filter(({ minedBlockHash }) => minedBlockHash !== null);
    this.above.updateHold(session, mined);
    this.misplaced.updateHold(session, mined);
    this.contradicted.updateHold(session, session.slots.all);
  }

  private contradict(session: LaneSession, slot: OpenSlot, { transactionHash, blockNumber }: TransactionReceipt): void {
    if (!this.contradicted.add(slot)) return;
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
