import { Injectable } from '@nestjs/common';
import { Transaction } from 'ethers';
import { type Attempt, type PreparedTransaction, TokenBackend } from '#core';
import type { SigningAccount } from '#signing';
import { minBigInt, withGasMargin } from '../../common/bigints.js';
import { DataFeeEstimator } from '../../fees/data-fee-estimator.service.js';
import { type EarlierOffers, FeeEstimator } from '../../fees/fee-estimator.service.js';
import { NodeDemands } from '../../fees/node-demands.js';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { costLimit, gasCap, type MinimumPrice, minimumPrice, neededGas } from '../../rpc/pool/send-demand.js';
import type { SendResult } from '../../rpc/pool/send-result.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { feeKind } from './lane-signer.js';
import { isNeverAccepted, latestAttempt, type OpenSlot, possiblySentAttempts, type SlotRefusal } from './open-slots.js';
import { TransactionLimits } from './transaction-limits.service.js';

/** Refusals because of the fee. */
export const PRICE_REFUSALS: ReadonlySet<SendResult> = new Set([
  'underpriced',
  'replacement-underpriced',
  'fee-below-base',
]);

/** Refusals that another gas limit or fewer jobs can change: the transaction is prepared again. */
const SIZE_REFUSALS: ReadonlySet<SendResult> = new Set(['fee-above-limit', 'gas-too-low', 'gas-too-high', 'reverted']);

/** Whether another attempt can be accepted after this refusal. */
export function isCurable({ result }: SlotRefusal): boolean {
  return PRICE_REFUSALS.has(result) || SIZE_REFUSALS.has(result) || result === 'insufficient-funds';
}

/** Estimates the fees of the attempts of a slot and signs them. */
@Injectable()
export class TransactionSigner {
  constructor(
    private readonly backend: TokenBackend,
    private readonly limits: TransactionLimits,
    private readonly fees: FeeEstimator,
    private readonly demands: NodeDemands,
    private readonly head: ChainHead,
    private readonly reader: ChainReader,
    private readonly dataFees: DataFeeEstimator,
  ) {}

  /** Signs the first attempt. @throws HoldError when fees or funds do not allow it */
  async signFirst(session: LaneSession, transaction: PreparedTransaction, nonce: number): Promise<Attempt> {
    const [market, account] = await Promise.all([
      this.fees.estimate(this.baseFee),
      this.accountFor(session, nonce, transaction.data),
    ]);
    const lowest = (this.baseFee ?? 0n) + market.maxPriorityFeePerGas;
    const fee = this.fees.fitCost(market, transaction.gasLimit, lowest);
    return await session.signer.sign(transaction, nonce, fee, account);
  }

  /**
   * Signs the next attempt of a slot with a new fee. After a refusal because of size, prepares it with another gas limit or
   * fewer jobs.
   *
   * @throws HoldError when fees do not allow it or the sender lacks the role
   */
  async signNext(session: LaneSession, slot: OpenSlot): Promise<Attempt> {
    const latest = latestAttempt(slot);
    const prepared = await this.prepareAgain(session, slot);
    const gasLimit = this.nextGasLimit(slot, prepared);
    const held = possiblySentAttempts(slot);
    const offers: EarlierOffers = { kind: feeKind(latest), latest, held, reason: this.reasonOf(slot) };
    const market = await this.fees.estimateReplacement(offers, this.baseFee);
    const lowest = held.length === 0 ? (this.baseFee ?? 0n) + market.maxPriorityFeePerGas : market.maxFeePerGas;
    const fee = this.fees.fitCost(market, gasLimit, lowest);
    const account = await this.accountFor(session, slot.nonce, prepared?.data ?? Transaction.from(latest.raw).data);
    const attempt = prepared
      ? await session.signer.sign({ ...prepared, gasLimit }, slot.nonce, fee, account)
      : await session.signer.signReplacement(latest, fee, gasLimit, account);
    const modelIds = prepared ? prepared.jobs.map(({ request }) => request.record.modelId) : latest.modelIds;
    return {
      ...attempt,
      ...(isNeverAccepted(slot) ? { replacesRefused: true } : {}),
      ...(modelIds === undefined || modelIds.length === slot.jobs.length ? {} : { modelIds }),
    };
  }

  /** Prepares a transfer of zero to the account itself. @throws RpcError; RpcUnavailableError */
  async prepareNoop({ signer }: LaneSession): Promise<PreparedTransaction> {
    const call = { from: signer.address, to: signer.address, data: '0x', value: 0n };
    const { gasMarginPercent } = this.limits.current(1);
    const estimate = await this.reader.estimateGas(call);
    return { ...call, kind: 'noop', gasLimit: withGasMargin(estimate, gasMarginPercent), jobs: [] };
  }

  /** Stores the demand of a refusal for all later transactions. */
  learn({ result, words }: SlotRefusal, attempt: Attempt): void {
    const minimum = demandedPrice({ result, words }, attempt);
    if (minimum !== null) this.demands.requireMinimum(minimum);
    const cost = attempt.gasLimit * attempt.maxFeePerGas;
    if (result === 'fee-above-limit') {
      const limit = costLimit(words);
      this.demands.limitCost(limit !== null && limit < cost ? limit : cost / 2n);
    }
    if (result === 'gas-too-high') this.demands.limitGas(gasCap(words, attempt.gasLimit) ?? attempt.gasLimit / 2n);
  }

  /** Returns the nonce, the balance, and what the L1 data fee and the pending transactions with other nonces may take of it. */
  private async accountFor({ signer, slots }: LaneSession, nonce: number, data: string): Promise<SigningAccount> {
    const others = slots.unmined.filter((slot) => slot.nonce !== nonce);
    const pending = others.map((slot) => latestAttempt(slot).raw);
    const [balance, dataFee] = await Promise.all([
      this.reader.balance(signer.address),
      this.dataFees.estimate(data, pending),
    ]);
    return { nonce, balance, reserved: others.reduce((sum, slot) => sum + maximumCost(slot), dataFee) };
  }

  /** Returns the transaction as prepared now. Null unless the size was refused, or when no job is left. */
  private async prepareAgain(session: LaneSession, slot: OpenSlot): Promise<PreparedTransaction | null> {
    if (slot.refusal === null || !SIZE_REFUSALS.has(slot.refusal.result)) return null;
    const { transactions } = await this.backend.prepare(slot.jobs, session.signer.address, this.limits.current(1));
    return transactions.find(({ kind }) => kind === slot.kind) ?? null;
  }

  /** Raises the gas limit after `gas-too-low`, even when the node's estimate is lower. */
  private nextGasLimit(slot: OpenSlot, prepared: PreparedTransaction | null): bigint {
    const { gasLimit: before } = latestAttempt(slot);
    const estimated = prepared?.gasLimit ?? before;
    if (slot.refusal?.result !== 'gas-too-low') return estimated;
    const needed = neededGas(slot.refusal.words) ?? 0n;
    const raised = estimated > before ? estimated : before + before / 2n;
    const wanted = needed > raised ? needed + needed / 10n : raised;
    const { gasLimit } = this.limits.current(1);
    return minBigInt(wanted, gasLimit);
  }

  private reasonOf({ refusal, attempts }: OpenSlot): EarlierOffers['reason'] {
    if (refusal === null) return 'not-mined';
    const isNamed = demandedPrice(refusal, latestAttempt({ attempts })) !== null;
    return PRICE_REFUSALS.has(refusal.result) && !isNamed ? 'too-low' : 'other';
  }

  private get baseFee(): bigint | null {
    return this.head.current?.block.baseFeePerGas ?? null;
  }
}

/** Returns the minimum price that a refusal names when it is above the attempt's, else null. */
function demandedPrice(
  { result, words }: Pick<SlotRefusal, 'result' | 'words'>,
  attempt: Attempt,
): MinimumPrice | null {
  const minimum = result === 'underpriced' ? minimumPrice(words) : null;
  const offered = minimum?.kind === 'tip' ? attempt.maxPriorityFeePerGas : attempt.maxFeePerGas;
  return minimum !== null && minimum.wei > offered ? minimum : null;
}

/** Returns wei. */
function maximumCost(slot: OpenSlot): bigint {
  const { gasLimit, maxFeePerGas } = latestAttempt(slot);
  return gasLimit * maxFeePerGas + slot.value;
}
