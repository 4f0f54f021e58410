import {
  type CircuitState,
  SPEND_BUDGETS,
  type SpendBudget,
  type SpendState,
  type SpendWindow,
  type SpendWindows,
} from './spend-ledger.port.js';
import { limitPolicy, type SpendPolicy, type VersionedPolicy } from './spend-policy.js';

const EMPTY: SpendWindow = { spent: 0n, reserved: 0n, leaving: [] };

/** Policy, spending and circuit breaker of the queue, as this replica has read them last. */
export class SpendRegistry {
  private read: VersionedPolicy;
  private breaker: CircuitState | null = null;
  private counted: SpendWindows = { ether_per_hour: EMPTY, ether_per_day: EMPTY, tokens_per_hour: EMPTY };

  /** @param maximum of the environment: the policy until an operator sets one, and its maximum afterwards */
  constructor(readonly maximum: SpendPolicy) {
    this.read = { ...maximum, version: 0 };
  }

  get policy(): VersionedPolicy {
    return this.read;
  }

  get windows(): SpendWindows {
    return this.counted;
  }

  /** Null while the circuit breaker is closed. */
  get circuit(): CircuitState | null {
    return this.breaker;
  }

  update({ policy, windows, circuit }: SpendState): void {
    this.breaker = circuit;
    this.read = limitPolicy(policy ?? { ...this.maximum, version: 0 }, this.maximum);
    this.counted = windows;
  }

  /** Null without a budget. */
  budgetOf(budget: SpendBudget): bigint | null {
    const { spendPerHour, spendPerDay, tokensPerHour } = this.read;
    return { ether_per_hour: spendPerHour, ether_per_day: spendPerDay, tokens_per_hour: tokensPerHour }[budget];
  }

  /** Returns what is left of a budget; null without a budget. */
  remainingOf(budget: SpendBudget): bigint | null {
    const total = this.budgetOf(budget);
    if (total === null) return null;
    const { spent, reserved } = this.counted[budget];
    return spent + reserved < total ? total - spent - reserved : 0n;
  }

  /** Returns the wei that may be spent now; null without a budget. */
  get remainingCost(): bigint | null {
    const remaining = [this.remainingOf('ether_per_hour'), this.remainingOf('ether_per_day')];
    return remaining.reduce((least, each) => (least === null || (each !== null && each < least) ? each : least), null);
  }

  /** Returns the budgets that do not have this much left. */
  exceededBy(cost: bigint, tokens: bigint): readonly SpendBudget[] {
    return SPEND_BUDGETS.filter((budget) => {
      const remaining = this.remainingOf(budget);
      return remaining !== null && remaining < (budget === 'tokens_per_hour' ? tokens : cost);
    });
  }

  /**
   * Returns when a budget has this much left, in Unix milliseconds, if nothing else is spent. Null when that depends on open
   * slots, which reserve more than they cost, or when the budget never has as much.
   */
  endOf(budget: SpendBudget, needed: bigint): number | null {
    const { spent, reserved, leaving } = this.counted[budget];
    let missing = needed + spent + reserved - (this.budgetOf(budget) ?? 0n);
    for (const { at, amount } of leaving) {
      missing -= amount;
      if (missing <= 0n) return at;
    }
    return null;
  }
}
