import { HoldError } from '../common/errors.js';
import type { HoldRegistry } from './hold-registry.js';

/** A single failed iteration is retried at once. */
const REPORT_AFTER_MS = 5_000;

/** Shows a loop whose iterations fail as a hold, until one succeeds. */
export class LoopReport {
  /** Monotonic milliseconds; null while the loop succeeds. */
  private failingSince: number | null = null;

  /** @param loop such as `queue maintenance`; words of the hold */
  constructor(
    private readonly holds: HoldRegistry,
    private readonly loop: string,
    private readonly lane: string | null = null,
  ) {}

  succeeded(): void {
    if (this.failingSince === null) return;
    this.failingSince = null;
    this.holds.withdraw(this.loop);
  }

  failed(error: unknown): void {
    this.failingSince ??= performance.now();
    if (performance.now() - this.failingSince < REPORT_AFTER_MS) return;
    const [reason, words] =
      error instanceof HoldError ? [error.reason, error.message] : (['loop_failing', errorKind(error)] as const);
    this.holds.report(this.loop, reason, `${this.loop}: ${words}`, this.lane);
  }
}

/** Names an unknown error by its class and code. Its message may hold a secret. */
export function errorKind(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}
