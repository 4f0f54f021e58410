import { Injectable } from '@nestjs/common';
import { formatEther, formatUnits } from 'ethers';
import { type Attempt, HoldError } from '#core';
import { ChainConfig } from '#config';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcError, RpcUnavailableError } from '../rpc/rpc.errors.js';
import { NodeDemands } from './node-demands.js';

/** Wei per gas. A legacy fee has one price, in both fields. */
export interface Fee {
  readonly kind: 'eip1559' | 'legacy';
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** The attempts of a slot, as far as the price of the next one depends on them. */
export interface EarlierOffers {
  readonly kind: Fee['kind'];
  readonly latest: Attempt;
  /** Those of which a node may hold the bytes: its pool takes another one only for more. */
  readonly held: readonly Attempt[];
  /**
   * Why there is another one. `too-low`: the nodes ask for more and do not say how much; `not-mined`: no block producer
   * takes it; `other`: its price is no reason.
   */
  readonly reason: 'too-low' | 'not-mined' | 'other';
}

const HISTORY_BLOCKS = 5;
/** A tip that is too low is raised so much at a time: the builders of a quiet chain may want a thousand times the history. */
const TIP_FACTOR = 4n;

/** What a transaction should offer now, never above the configured maximum and never below the base fee. */
@Injectable()
export class FeeEstimator {
  /** Price of the last estimate beyond the base fee, wei per gas. */
  private lastTip: bigint;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: ChainConfig,
    private readonly demands: NodeDemands,
  ) {
    this.lastTip = config.minPriorityFeePerGas;
  }

  /** Wei that a transaction may cost, by the configuration and by the nodes. */
  get costLimit(): bigint {
    const { maxTransactionCost } = this.config;
    const learned = this.demands.costLimit;
    return learned !== null && learned < maxTransactionCost ? learned : maxTransactionCost;
  }

  /** About what an estimate would offer, without asking the node. */
  expectedMaxFee(baseFeePerGas: bigint | null): bigint {
    const expected = 2n * (baseFeePerGas ?? 0n) + this.lastTip;
    return min(max(expected, 1n), this.config.maxFeePerGas);
  }

  /** @throws HoldError `fee_above_cap` when the market, or what the nodes demand, is above a maximum */
  async estimate(baseFeePerGas: bigint | null): Promise<Fee> {
    if (baseFeePerGas === null) return await this.estimateLegacy();
    const tip = await this.tip(baseFeePerGas);
    this.lastTip = tip;
    return this.withinCap(baseFeePerGas, tip, 0n);
  }

  /**
   * What the next attempt of a slot must offer. Where a node may hold an earlier one: for both caps 12.5 % + 1 wei more at
   * least, which satisfies the replacement rule of every client (geth, erigon, reth, besu and nethermind ask for 10 %).
   *
   * @throws HoldError `fee_above_cap`
   */
  async estimateReplacement(offers: EarlierOffers, baseFeePerGas: bigint | null): Promise<Fee> {
    const { kind, latest, held, reason } = offers;
    const market = await this.estimate(baseFeePerGas);
    const heldTip = maxOf(held.map(({ maxPriorityFeePerGas }) => maxPriorityFeePerGas));
    const heldCap = maxOf(held.map(({ maxFeePerGas }) => maxFeePerGas));
    const ruledTip = held.length === 0 ? 0n : bumped(heldTip);
    const ruledCap = held.length === 0 ? 0n : bumped(heldCap);
    if (kind === 'legacy' || baseFeePerGas === null) {
      const price = max(market.maxFeePerGas, ruledCap, reason === 'too-low' ? bumped(latest.maxFeePerGas) : 0n);
      return requireWithinCap({ ...legacy(price), kind }, this.config.maxFeePerGas);
    }
    const maxTip = this.config.maxPriorityFeePerGas;
    // What a node holds must be outbid again later: half of the maximum leaves room for that.
    const ceiling = min(held.length === 0 ? maxTip : maxTip / 2n, this.config.maxFeePerGas - baseFeePerGas);
    const raised = reason === 'other' ? 0n : min(latest.maxPriorityFeePerGas * TIP_FACTOR + 1n, ceiling);
    const maxPriorityFeePerGas = requireWithinMaxTip(max(market.maxPriorityFeePerGas, raised, ruledTip), maxTip);
    const wantedCap = reason === 'too-low' ? min(bumped(latest.maxFeePerGas), this.config.maxFeePerGas) : 0n;
    const offered = this.withinCap(baseFeePerGas, maxPriorityFeePerGas, wantedCap);
    const fee = { ...offered, maxFeePerGas: max(offered.maxFeePerGas, ruledCap, maxPriorityFeePerGas) };
    if (reason === 'too-low' && !exceeds(fee, latest)) {
      const offer = `a priority fee of ${gwei(fee.maxPriorityFeePerGas)} gwei and a fee of ${gwei(fee.maxFeePerGas)} gwei`;
      const maxFee = gwei(this.config.maxFeePerGas);
      const detail = `the nodes refuse ${offer} as too low, the maximums are ${gwei(maxTip)} and ${maxFee} gwei`;
      throw new HoldError('fee_above_cap', detail);
    }
    return requireWithinCap(fee, this.config.maxFeePerGas);
  }

  /**
   * The same fee, with a lower cap where the transaction might cost more than it may.
   *
   * @param lowest the cap that must be left, wei per gas
   * @throws HoldError `fee_above_cap` when even that costs too much
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
    const price = max(
      await this.reader.gasPrice({ optional: false }),
      this.demands.minimumPrice,
      this.demands.minimumTip,
    );
    this.lastTip = price;
    return requireWithinCap(legacy(price), this.config.maxFeePerGas);
  }

  private withinCap(baseFeePerGas: bigint, tip: bigint, wanted: bigint): Fee {
    const cap = this.config.maxFeePerGas;
    const { minimumPrice } = this.demands;
    const needed = max(baseFeePerGas + tip, minimumPrice);
    if (needed > cap) throw aboveCapError(needed, cap);
    // Twice the base fee outlasts six full blocks in a row (EIP-1559 raises it by 12.5 % a block).
    const maxFeePerGas = min(max(baseFeePerGas * 2n + tip, minimumPrice, wanted), cap);
    return { kind: 'eip1559', maxFeePerGas, maxPriorityFeePerGas: tip };
  }

  /** What the market pays, and at least what the configuration, the node and earlier refusals ask for. */
  private async tip(baseFeePerGas: bigint): Promise<bigint> {
    const { minPriorityFeePerGas: minimum, maxPriorityFeePerGas: maximum } = this.config;
    const [paid, suggested] = await Promise.all([this.medianTip(), this.suggestedTip(baseFeePerGas)]);
    const market = paid === null && suggested === null ? maximum : max(paid ?? 0n, suggested ?? 0n);
    return requireWithinMaxTip(max(market, minimum, this.demands.minimumTip), maximum);
  }

  /** Null while no recent block says it. */
  private async medianTip(): Promise<bigint | null> {
    const tips = await orNull(this.reader.recentTips(HISTORY_BLOCKS));
    return tips?.toSorted((a, b) => (a < b ? -1 : 1))[Math.floor(tips.length / 2)] ?? null;
  }

  /** By the node itself; null where it has no opinion. */
  private async suggestedTip(baseFeePerGas: bigint): Promise<bigint | null> {
    const tip = await orNull(this.reader.priorityFee());
    if (tip !== null) return tip;
    const price = await orNull(this.reader.gasPrice({ optional: true }));
    return price === null ? null : max(price - baseFeePerGas, 0n);
  }
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

function max(...values: readonly bigint[]): bigint {
  return maxOf(values);
}

function maxOf(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b), 0n);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function gwei(wei: bigint): string {
  return formatUnits(wei, 'gwei');
}
