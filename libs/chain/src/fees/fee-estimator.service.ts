import { Injectable } from '@nestjs/common';
import { formatEther, formatUnits } from 'ethers';
import { type Attempt, HoldError, SpendRegistry } from '#core';
import { ChainConfig } from '#config';
import type { Fee } from '#signing';
import { maxBigInt, minBigInt } from '../common/bigints.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { isRpcFailure, RpcError, RpcUnavailableError } from '../rpc/rpc.errors.js';
import { NodeDemands } from './node-demands.js';

/** Earlier attempts of a slot that determine the fee of the next one. */
export interface EarlierOffers {
  readonly kind: Fee['kind'];
  readonly latest: Attempt;
  /** Attempts that a node may hold. Its mempool accepts only a replacement with a higher fee. */
  readonly held: readonly Attempt[];
  /**
   * Why another attempt is signed. `too-low`: the nodes refuse the fee and name no minimum; `not-mined`: no block includes
   * the transaction; `other`: the fee is not the cause.
   */
  readonly reason: 'too-low' | 'not-mined' | 'other';
}

const HISTORY_BLOCKS = 5;
/** Factor by which a tip that is too low is raised. Builders of a quiet chain may require a thousand times the history. */
const TIP_FACTOR = 4n;

/** Estimates the fee of a transaction between the base fee and the maximum of the policy. */
@Injectable()
export class FeeEstimator {
  /** Tip of the last estimate, or its gas price on a chain without base fee. Wei per gas. */
  private lastTip: bigint;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: ChainConfig,
    private readonly demands: NodeDemands,
    private readonly spending: SpendRegistry,
  ) {
    this.lastTip = config.minPriorityFeePerGas;
  }

  /** Maximum cost of a transaction in wei, by configuration and node. */
  get costLimit(): bigint {
    const { maxTransactionCost } = this.config;
    const learned = this.demands.costLimit;
    return learned !== null && learned < maxTransactionCost ? learned : maxTransactionCost;
  }

  /** Predicts the maximum fee of the next estimate without a request. */
  expectedMaxFee(baseFeePerGas: bigint | null): bigint {
    const expected = 2n * (baseFeePerGas ?? 0n) + this.lastTip;
    return minBigInt(maxBigInt(expected, 1n), this.spending.policy.maxFeePerGas);
  }

  /** @throws HoldError `fee_above_cap` when the market's or a node's minimum exceeds a configured maximum */
  async estimate(baseFeePerGas: bigint | null): Promise<Fee> {
    if (baseFeePerGas === null || this.config.feeStyle === 'legacy') return await this.estimateLegacy();
    const tip = await this.tip(baseFeePerGas);
    this.lastTip = tip;
    return this.withinCap(baseFeePerGas, tip, 0n);
  }

  /**
   * Estimates the fee of a slot's next attempt. Raises both caps by at least 12.5 % + 1 wei when a node may hold an earlier
   * attempt: every client replaces at 10 % (geth, Erigon, Reth, Nethermind, Besu).
   *
   * @throws HoldError `fee_above_cap` when the fee exceeds a configured maximum
   */
  async estimateReplacement(offers: EarlierOffers, baseFeePerGas: bigint | null): Promise<Fee> {
    const { kind, latest, held, reason } = offers;
    const market = await this.estimate(baseFeePerGas);
    const heldTip = maxBigInt(...held.map(({ maxPriorityFeePerGas }) => maxPriorityFeePerGas));
    const heldCap = maxBigInt(...held.map(({ maxFeePerGas }) => maxFeePerGas));
    const ruledTip = held.length === 0 ? 0n : bumped(heldTip);
    const ruledCap = held.length === 0 ? 0n : bumped(heldCap);
    if (kind === 'legacy' || market.kind === 'legacy' || baseFeePerGas === null) {
      const price = maxBigInt(market.maxFeePerGas, ruledCap, reason === 'too-low' ? bumped(latest.maxFeePerGas) : 0n);
      return requireWithinCap({ ...legacy(price), kind }, this.spending.policy.maxFeePerGas);
    }
    const maxTip = this.spending.policy.maxPriorityFeePerGas;
    // An attempt that a node holds may need another raise. Half of the maximum leaves room for it.
    const ceiling = minBigInt(
      held.length === 0 ? maxTip : maxTip / 2n,
      this.spending.policy.maxFeePerGas - baseFeePerGas,
    );
    const raised = reason === 'other' ? 0n : minBigInt(latest.maxPriorityFeePerGas * TIP_FACTOR + 1n, ceiling);
    const maxPriorityFeePerGas = requireWithinMaxTip(maxBigInt(market.maxPriorityFeePerGas, raised, ruledTip), maxTip);
    const wantedCap =
      reason === 'too-low' ? minBigInt(bumped(latest.maxFeePerGas), this.spending.policy.maxFeePerGas) : 0n;
    const offered = this.withinCap(baseFeePerGas, maxPriorityFeePerGas, wantedCap);
    const fee = { ...offered, maxFeePerGas: maxBigInt(offered.maxFeePerGas, ruledCap, maxPriorityFeePerGas) };
    if (reason === 'too-low' && !exceeds(fee, latest)) {
      const offer = `a priority fee of ${gwei(fee.maxPriorityFeePerGas)} gwei and a fee of ${gwei(fee.maxFeePerGas)} gwei`;
      const maxFee = gwei(this.spending.policy.maxFeePerGas);
      const detail = `the nodes refuse ${offer} as too low, the maximums are ${gwei(maxTip)} and ${maxFee} gwei`;
      throw new HoldError('fee_above_cap', detail);
    }
    return requireWithinCap(fee, this.spending.policy.maxFeePerGas);
  }

  /**
   * Lowers the maximum fee to keep the cost of the transaction within `costLimit`.
   *
   * @param lowest minimum of the maximum fee, wei per gas
   * @throws HoldError `fee_above_cap` when the cost exceeds the limit at `lowest`
   */
  fitCost(fee: Fee, gasLimit: bigint, lowest: bigint): Fee {
    const limit = this.costLimit;
    if (gasLimit * fee.maxFeePerGas <= limit) return fee;
    const affordable = limit / gasLimit;
    if (affordable >= lowest && fee.kind === 'eip1559') return { ...fee, maxFeePerGas: affordable };
    const cost = `${formatEther(gasLimit * lowest)} ether for ${gasLimit} gas`;
    throw new HoldError('fee_above_cap', `a transaction costs ${cost}, the maximum is ${formatEther(limit)} ether`);
  }

  private async estimateLegacy(): Promise<Fee> {
    const price = maxBigInt(
      await this.reader.gasPrice({ optional: false }),
      this.demands.minimumPrice,
      this.demands.minimumTip,
    );
    this.lastTip = price;
    return requireWithinCap(legacy(price), this.spending.policy.maxFeePerGas);
  }

  private withinCap(baseFeePerGas: bigint, tip: bigint, wanted: bigint): Fee {
    const cap = this.spending.policy.maxFeePerGas;
    const { minimumPrice } = this.demands;
    const needed = maxBigInt(baseFeePerGas + tip, minimumPrice);
    if (needed > cap) throw aboveCapError(needed, cap);
    // Twice the base fee covers five full blocks in a row (EIP-1559 raises it by 12.5 % a block).
    const maxFeePerGas = minBigInt(maxBigInt(baseFeePerGas * 2n + tip, minimumPrice, wanted), cap);
    return { kind: 'eip1559', maxFeePerGas, maxPriorityFeePerGas: tip };
  }

  /** Returns the tip of the market, and at least the minimum of configuration and nodes. */
  private async tip(baseFeePerGas: bigint): Promise<bigint> {
    const { minPriorityFeePerGas: minimum } = this.config;
    const { maxPriorityFeePerGas: maximum } = this.spending.policy;
    const [paid, suggested] = await Promise.all([this.medianTip(), this.suggestedTip(baseFeePerGas)]);
    const market = paid === null && suggested === null ? maximum : maxBigInt(paid ?? 0n, suggested ?? 0n);
    return requireWithinMaxTip(maxBigInt(market, minimum, this.demands.minimumTip), maximum);
  }

  /** Returns null when no recent block has a tip. */
  private async medianTip(): Promise<bigint | null> {
    const tips = await this.reader.recentTips(HISTORY_BLOCKS).catch(nullForRpcErrors);
    return tips?.toSorted((a, b) => (a < b ? -1 : 1))[Math.floor(tips.length / 2)] ?? null;
  }

  /** Returns the tip that the node suggests, or null when it suggests none. */
  private async suggestedTip(baseFeePerGas: bigint): Promise<bigint | null> {
    const tip = await this.reader.priorityFee().catch(nullForRpcErrors);
    if (tip !== null) return tip;
    const price = await orNull(this.reader.gasPrice({ optional: true }));
    return price === null ? null : maxBigInt(price - baseFeePerGas, 0n);
  }
}

/** The gas price stands in for it. When that cannot be read either, the estimate fails. */
function nullForRpcErrors(error: unknown): null {
  if (isRpcFailure(error)) return null;
  throw error;
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RpcError || (error instanceof RpcUnavailableError && error.failure === 'unreadable'))
      return null;
    throw error;
  }
}

function legacy(price: bigint): Fee {
  return { kind: 'legacy', maxFeePerGas: price, maxPriorityFeePerGas: price };
}

function requireWithinCap(fee: Fee, cap: bigint): Fee {
  if (fee.maxFeePerGas > cap) throw aboveCapError(fee.maxFeePerGas, cap);
  return fee;
}

function requireWithinMaxTip(tip: bigint, maximum: bigint): bigint {
  if (tip <= maximum) return tip;
  throw new HoldError('fee_above_cap', `the priority fee is ${gwei(tip)} gwei, the maximum is ${gwei(maximum)} gwei`);
}

function aboveCapError(needed: bigint, cap: bigint): HoldError {
  return new HoldError('fee_above_cap', `gas costs ${gwei(needed)} gwei, the cap is ${gwei(cap)} gwei`);
}

function exceeds(fee: Fee, { maxFeePerGas, maxPriorityFeePerGas }: Attempt): boolean {
  return fee.maxFeePerGas > maxFeePerGas || fee.maxPriorityFeePerGas > maxPriorityFeePerGas;
}

function bumped(fee: bigint): bigint {
  return fee + fee / 8n + 1n;
}

function gwei(wei: bigint): string {
  return formatUnits(wei, 'gwei');
}
