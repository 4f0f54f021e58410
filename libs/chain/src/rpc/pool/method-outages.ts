/** Time after the last failure until an outage ends: the method is not called any longer. */
const FORGET_AFTER_MS = 30_000;

interface Failure {
  readonly since: number;
  readonly at: number;
  readonly detail: string;
}

/** Required methods without a readable answer of any endpoint. */
export class MethodOutages {
  private readonly failures = new Map<string, Failure>();

  /** @param outageAfterMs duration of failures that makes an outage; a single failure may be a block that is not there yet */
  constructor(
    private readonly outageAfterMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param detail method, endpoint and reason, without secrets */
  record(method: string, detail: string): void {
    const at = this.now();
    const earlier = this.failures.get(method);
    const since = earlier !== undefined && at - earlier.at < FORGET_AFTER_MS ? earlier.since : at;
    this.failures.set(method, { since, at, detail });
  }

  clear(method: string): void {
    this.failures.delete(method);
  }

  /** Current outages, one sentence a method. */
  get details(): readonly string[] {
    const now = this.now();
    return [...this.failures.values()]
      .filter(({ since, at }) => at - since >= this.outageAfterMs && now - at < FORGET_AFTER_MS)
      .map(({ detail }) => detail);
  }
}
