import { Injectable, Logger } from '@nestjs/common';
import { formatEther } from 'ethers';
import {
  type Attempt,
  HoldError,
  type PreparedTransaction,
  type SpendBudget,
  type SpendCharge,
  SpendLedger,
  SpendRegistry,
} from '#core';
import { BackendConfig } from '#config';
import { withGasMargin } from '../common/bigints.js';
import { FeeEstimator } from '../fees/fee-estimator.service.js';
import { ChainHead } from '../head/chain-head.worker.js';
import { TokenCost } from '../lanes/status/token-cost.js';

const VARIABLES: Readonly<Record<SpendBudget, string>> = {
  ether_per_hour: 'SPEND_PER_HOUR_ETHER',
  ether_per_day: 'SPEND_PER_DAY_ETHER',
  tokens_per_hour: 'TOKENS_PER_HOUR',
};

/** Charges transactions to the budgets, and says what holds one back. */
@Injectable()
export class SpendGovernor {
  private readonly logger = new Logger(SpendGovernor.name);

  constructor(
    private readonly ledger: SpendLedger,
    private readonly registry: SpendRegistry,
    private readonly fees: FeeEstimator,
    private readonly head: ChainHead,
    private readonly tokenCost: TokenCost,
    private readonly config: BackendConfig,
  ) {}

  /** Reads policy and spending. @throws RedisUnavailableError; HoldError for a malformed policy */
  async refresh(): Promise<void> {
    const { version } = this.registry.policy;
    this.registry.update(await this.ledger.read());
    const { policy } = this.registry;
    if (policy.version !== version)
      this.logger.warn({ event: 'policy.changed', message: 'policy changed', version: policy.version });
  }

  /** Returns what an attempt may cost. @throws HoldError `budget_spent` for too much gas a token */
  chargeFor(
    { kind, value, jobs }: Pick<PreparedTransaction, 'kind' | 'value' | 'jobs'>,
    attempt: Attempt,
  ): SpendCharge {
    const { policy } = this.registry;
    const { gasLimit, maxFeePerGas } = attempt;
    const tokens = kind === 'deploy' ? jobs.length : 0;
    if (policy.gasPerToken !== null && tokens > 0 && gasLimit > policy.gasPerToken * BigInt(tokens)) {
      const needed = gasLimit / BigInt(tokens);
      const detail = `MAX_GAS_PER_TOKEN: a transaction needs ${needed} gas for each of ${tokens} tokens, the maximum is ${policy.gasPerToken}`;
      throw new HoldError('budget_spent', detail);
    }
    return { cost: gasLimit * maxFeePerGas + value, tokens, policy };
  }

  /** Returns the hold of a transaction that the ledger refused. */
  async overBudget({ cost, tokens }: SpendCharge): Promise<HoldError> {
    await this.refresh();
    const [budget = 'ether_per_hour'] = this.registry.exceededBy(cost, BigInt(tokens));
    return this.holdOf(budget, cost, BigInt(tokens));
  }

  /** Number of tokens that the budgets have left; null without a budget. */
  get tokensLeft(): number | null {
    const { remainingCost } = this.registry;
    const tokens = this.registry.remainingOf('tokens_per_hour');
    const affordable = remainingCost === null ? null : remainingCost / this.costOfToken;
    if (affordable === null || tokens === null) return numberOrNull(affordable ?? tokens);
    return Number(affordable < tokens ? affordable : tokens);
  }

  /** What one token may cost at worst, wei. */
  private get costOfToken(): bigint {
    const gas = withGasMargin(this.tokenCost.gas, BigInt(this.config.gasMarginPercent));
    return gas * this.fees.expectedMaxFee(this.head.current?.block.baseFeePerGas ?? null);
  }

  private holdOf(budget: SpendBudget, cost: bigint, tokens: bigint): HoldError {
    const { spent, reserved } = this.registry.windows[budget];
    const show = (amount: bigint): string =>
      budget === 'tokens_per_hour' ? `${amount} tokens` : `${formatEther(amount)} ether`;
    const needed = budget === 'tokens_per_hour' ? tokens : cost;
    const end = this.registry.endOf(budget, needed);
    const detail =
      `${VARIABLES[budget]}: ${show(spent)} are spent and ${show(reserved)} reserved of ${show(this.registry.budgetOf(budget) ?? 0n)}, ` +
      `the next transaction needs up to ${show(needed)}, the rest is enough for ${this.tokensLeft ?? 0} tokens, ` +
      (end === null
        ? 'ends when open transactions are final, or when you raise it'
        : `ends at ${new Date(end).toISOString()}`);
    return new HoldError('budget_spent', detail);
  }
}

function numberOrNull(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
