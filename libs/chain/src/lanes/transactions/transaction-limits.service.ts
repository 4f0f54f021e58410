import { Injectable } from '@nestjs/common';
import { type DeploymentJob, SpendRegistry, type SubmissionLimits } from '#core';
import { BackendConfig } from '#config';
import { MAX_TRANSACTION_GAS } from '#signing';
import { maxBigInt, minBigInt } from '../../common/bigints.js';
import { FeeEstimator } from '../../fees/fee-estimator.service.js';
import { NodeDemands } from '../../fees/node-demands.js';
import { ChainHead } from '../../head/chain-head.worker.js';

/** Time after an out-of-gas transaction in which batches are half as large and get twice the estimate. */
const GENEROUS_MS = 600_000;
const GENEROUS_MARGIN_PERCENT = 100n;
/** Number of times a job runs out of gas until its result is read from the receipt. */
const MAX_OUT_OF_GAS = 3;

/** Limits the gas of a transaction by block, node, cost, budgets and recent out-of-gas transactions. */
@Injectable()
export class TransactionLimits {
  private generousUntil = 0;
  /** Number of times that each model's job ran out of gas. */
  private readonly outOfGas = new Map<string, number>();

  constructor(
    private readonly head: ChainHead,
    private readonly fees: FeeEstimator,
    private readonly demands: NodeDemands,
    private readonly config: BackendConfig,
    private readonly spending: SpendRegistry,
  ) {}

  /** @param transactions number of transactions that may be broadcast now */
  current(transactions: number): SubmissionLimits {
    const block = this.head.current?.block;
    const gasLimit = minBigInt(block?.gasLimit ?? 0n, MAX_TRANSACTION_GAS, this.demands.gasCap ?? MAX_TRANSACTION_GAS);
    const maxFee = this.fees.expectedMaxFee(block?.baseFeePerGas ?? null);
    const { remainingCost } = this.spending;
    const affordable = minBigInt(this.fees.costLimit, remainingCost ?? this.fees.costLimit) / maxFee;
    const batchGas = minBigInt(gasLimit, affordable);
    const margin = BigInt(this.config.gasMarginPercent);
    const withinBudget = remainingCost === null ? transactions : countWithin(remainingCost, batchGas * maxFee);
    const limits = { gasLimit, transactions: Math.min(transactions, withinBudget) };
    if (performance.now() >= this.generousUntil) return { ...limits, batchGas, gasMarginPercent: margin };
    return { ...limits, batchGas: batchGas / 2n, gasMarginPercent: maxBigInt(margin, GENEROUS_MARGIN_PERCENT) };
  }

  /** Returns how many tokens the budget has left, and at least one, so that the next transaction says what holds it. */
  get tokens(): number {
    const remaining = this.spending.remainingOf('tokens_per_hour');
    return remaining === null ? Infinity : Math.max(1, Number(remaining));
  }

  /** Records a transaction that ran out of gas. Returns the jobs to requeue with more gas. */
  recordOutOfGas(jobs: readonly DeploymentJob[]): readonly DeploymentJob[] {
    this.generousUntil = performance.now() + GENEROUS_MS;
    return jobs.filter(({ request: { record } }) => {
      const count = (this.outOfGas.get(record.modelId) ?? 0) + 1;
      if (count < MAX_OUT_OF_GAS) this.outOfGas.set(record.modelId, count);
      else this.outOfGas.delete(record.modelId);
      return count < MAX_OUT_OF_GAS;
    });
  }
}

/** Returns how many transactions of this cost the budget pays for, at least 1. */
function countWithin(budget: bigint, cost: bigint): number {
  return cost === 0n ? 1 : Math.max(1, Number(budget / cost));
}
