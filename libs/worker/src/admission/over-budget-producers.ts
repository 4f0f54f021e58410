import { type HoldRegistry, unixNow } from '#core';
import type { Producer } from '#messages';

/** The producers whose messages wait for their budget, each shown as a hold until its wait is over. */
export class OverBudgetProducers {
  /** By producer. */
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly holds: HoldRegistry) {}

  add({ name, budget }: Pick<Producer, 'name' | 'budget'>, delayMs: number): void {
    const limits = [
      ...(budget.tokensPerHour === null ? [] : [`${budget.tokensPerHour} tokens per hour`]),
      ...(budget.tokensPerDay === null ? [] : [`${budget.tokensPerDay} tokens per day`]),
    ].join(' and ');
    const until = new Date(unixNow() + delayMs).toISOString();
    this.holds.report(
      sourceOf(name),
      'producer_over_budget',
      `messages of the producer ${name} wait until ${until}: its budget is ${limits}`,
    );
    clearTimeout(this.timers.get(name));
    this.timers.set(name, setTimeout(() => this.remove(name), delayMs).unref());
  }

  remove(name: string): void {
    const timer = this.timers.get(name);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.timers.delete(name);
    this.holds.withdraw(sourceOf(name));
  }
}

function sourceOf(name: string): string {
  return `producer ${name}`;
}
