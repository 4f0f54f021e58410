import type { TransactionReceipt } from '#core';
import type { OpenSlot } from '../transactions/open-slots.js';

/** A transaction must be able to pay the base fee after it has doubled. */
const BASE_FEE_FACTOR = 2n;

interface StepCost {
  readonly gas: bigint;
  /** Wei, with tip and L1 fee. */
  readonly fee: bigint;
}
const FREE: StepCost = { gas: 0n, fee: 0n };

/** What one token costs: of the last transactions of each kind, or the estimate of the backend before the first. */
export class TokenCost {
  private deploy: StepCost;
  private register = FREE;

  /** @param gas of one token with all of its transactions */
  constructor(gas: bigint) {
    this.deploy = { gas, fee: 0n };
  }

  /** Gas of one token with all of its transactions. */
  get gas(): bigint {
    return this.deploy.gas + this.register.gas;
  }

  record({ succeeded, gasUsed, gasPrice, layerOneFee }: TransactionReceipt, { kind, jobs }: OpenSlot): void {
    if (!succeeded || jobs.length === 0) return;
    const tokens = BigInt(jobs.length);
    const step = { gas: gasUsed / tokens, fee: (gasUsed * gasPrice + layerOneFee) / tokens };
    if (kind === 'deploy') this.deploy = step;
    else if (kind === 'register') this.register = step;
  }

  /** Number of tokens that a balance pays for; null while nothing is known of the price. */
  tokensFor(balance: bigint, baseFee: bigint): number | null {
    const needed = this.gas * baseFee * BASE_FEE_FACTOR;
    const paid = this.deploy.fee + this.register.fee;
    const cost = needed > paid ? needed : paid;
    return cost === 0n ? null : Number((balance * 100n) / cost) / 100;
  }
}
