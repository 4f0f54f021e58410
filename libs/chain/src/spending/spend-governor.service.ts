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
  type TransactionReceipt,
} from '#core';
import { BackendConfig, SpendConfig } from '#config';
import { withGasMargin } from '../common/bigints.js';
import { DataFeeEstimator } from '../fees/data-fee-estimator.service.js';
import { FeeEstimator } from '../fees/fee-estimator.service.js';
import { ChainHead } from '../head/chain-head.worker.js';
import { TokenCost } from '../lanes/status/token-cost.js';
import type { OpenSlot } from '../lanes/transactions/open-slots.js';

/** The L1 data fee may double between signing and inclusion. */
const DATA_FEE_FACTOR = 2n;

const VARIABLES: Readonly<Record<SpendBudget, string>> = {
  ether_per_hour: 'SPEND_PER_HOUR_ETHER',
  ether_per_day: 'SPEND_PER_DAY_ETHER',
  tokens_per_hour: 'TOKENS_PER_HOUR',
};

/** Charges transactions to the budgets, counts how they end for the circuit breaker, and says what holds one back. */
@Injectable()
export class SpendGovernor {
  private readonly logger = new Logger(SpendGovernor.name);
  /** Whether the circuit breaker was open when the log last said so. */
  private wasOpen = false;

  constructor(
    private readonly ledger: SpendLedger,
    private readonly registry: SpendRegistry,
    private readonly fees: FeeEstimator,
    private readonly dataFees: DataFeeEstimator,
    private readonly head: ChainHead,
    private readonly tokenCost: TokenCost,
    private readonly config: BackendConfig,
    private readonly spendConfig: SpendConfig,
  ) {}

  /** Reads policy and spending. @throws RedisUnavailableError; HoldError for a malformed policy */
  async refresh(): Promise<void> {
    const { version } = this.registry.policy;
    this.registry.update(await this.ledger.read());
    const { policy } = this.registry;
    if (policy.version !== version)
      this.logger.warn({ event: 'policy.changed', message: 'policy changed', version: policy.version });
    const detail = this.circuitDetail;
    if (!this.wasOpen && detail !== null)
      this.logger.error({ event: 'circuit.opened', message: 'circuit breaker opened', detail });
    if (this.wasOpen && detail === null)
      this.logger.warn({ event: 'circuit.closed', message: 'circuit breaker closed' });
    this.wasOpen = detail !== null;
  }

  /**
   * Returns what an attempt may cost.
   *
   * @throws HoldError `budget_spent` for too much gas a token
   * @throws RpcUnavailableError when a rollup does not answer for its L1 data fee
   */
  async chargeFor(
    { kind, value, jobs }: Pick<PreparedTransaction, 'kind' | 'value' | 'jobs'>,
    attempt: Attempt,
  ): Promise<SpendCharge> {
    const { policy } = this.registry;
    const { gasLimit, maxFeePerGas, raw } = attempt;
    const tokens = kind === 'deploy' ? jobs.length : 0;
    if (policy.gasPerToken !== null && tokens > 0 && gasLimit > policy.gasPerToken * BigInt(tokens)) {
      const needed = gasLimit / BigInt(tokens);
      const detail = `MAX_GAS_PER_TOKEN: a transaction needs ${needed} gas for each of ${tokens} tokens, the maximum is ${policy.gasPerToken}`;
      throw new HoldError('budget_spent', detail);
    }
    const dataFee = DATA_FEE_FACTOR * (await this.dataFees.estimate(raw));
    return { cost: gasLimit * maxFeePerGas + dataFee + value, tokens, policy };
  }

  /** Counts mined transactions for the circuit breaker. Those without a job fill gaps and are not counted. */
  async countOutcomes(lane: string, mined: readonly (readonly [OpenSlot, TransactionReceipt])[]): Promise<void> {
    const outcomes = mined
      .filter(([{ jobs }]) => jobs.length > 0)
      .map(([{ nonce, kind, jobs }, { transactionHash, succeeded, gasUsed, gasPrice, layerOneFee }]) => {
        const isPriced = succeeded && kind === 'deploy';
        const costPerToken = isPriced ? (gasUsed * gasPrice + layerOneFee) / BigInt(jobs.length) : null;
        return { lane, nonce, hash: transactionHash, succeeded, costPerToken };
      });
    const {
      circuitFailures: failures,
      circuitCostFactor: costFactor,
      circuitCoolDownMs: coolDownMs,
    } = this.spendConfig;
    if (outcomes.length > 0) await this.ledger.recordOutcomes(outcomes, { failures, costFactor, coolDownMs });
  }

  /** @throws HoldError `circuit_open` while the circuit breaker, as read last, refuses new transactions */
  requireCircuit(): void {
    const detail = this.circuitDetail;
    if (this.registry.circuit?.isBlocking === true && detail !== null) throw new HoldError('circuit_open', detail);
  }

  /** Returns the hold of a transaction that the open circuit breaker refused. */
  async circuitOpen(): Promise<HoldError> {
    await this.refresh();
    return new HoldError('circuit_open', this.circuitDetail ?? 'the circuit breaker has just closed');
  }

  /** Returns what opened the circuit breaker and what ends it; null while it is closed. */
  private get circuitDetail(): string | null {
    const { circuit } = this.registry;
    if (circuit === null) return null;
    const { cause, openedAt, probeAt } = circuit;
    const opened =
      cause.kind === 'failures'
        ? `CIRCUIT_FAILURES: ${cause.failed} of the last ${cause.of} transactions failed`
        : `CIRCUIT_COST_FACTOR: a token costs ${formatEther(cause.cost)} ether, usual are ${formatEther(cause.usual)} ether`;
    const since = new Date(openedAt).toISOString();
    const probe = new Date(probeAt).toISOString();
    return `${opened}, open since ${since}, one transaction is let through from ${probe} and closes it when it succeeds`;
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
