/** Failures in a row over this time are an outage: one alone may be a block that the endpoint does not have yet. */
const OUTAGE_AFTER_MS = 5_000;
/** What has not failed again for this long is asked for no more. */
const FORGET_AFTER_MS = 30_000;

interface Failure {
  readonly since: number;
  readonly at: number;
  readonly detail: string;
}

/** Methods that no endpoint answers so that it can be read, although nothing can take the place of the answer. */
export class MethodOutages {
  private readonly failures = new Map<string, Failure>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param detail names method, endpoint and reason; free of secrets */
  record(method: string, detail: string): void {
    const at = this.now();
    const earlier = this.failures.get(method);
    const since = earlier !== undefined && at - earlier.at < FORGET_AFTER_MS ? earlier.since : at;
    this.failures.set(method, { since, at, detail });
  }

  clear(method: string): void {
    this.failures.delete(method);
  }

  /** What fails now, one sentence a method. */
  get details(): readonly string[] {
    const now = this.now();
    return [...this.failures.values()]
      .filter(({ since, at }) => at - since >= OUTAGE_AFTER_MS && now - at < FORGET_AFTER_MS)
      .map(({ detail }) => detail);
  }
}
