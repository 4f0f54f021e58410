/** What was checked so far, printed as it happens. */
export class Checklist {
  private readonly failures: string[] = [];
  private count = 0;

  get passed(): boolean {
    return this.count > 0 && this.failures.length === 0;
  }

  get summary(): string {
    return `${this.count - this.failures.length} passed, ${this.failures.length} failed`;
  }

  /** @param found shown when the check failed */
  check(what: string, passed: boolean, found: unknown = ''): void {
    this.count += 1;
    if (!passed) this.failures.push(what);
    console.log(passed ? `ok      ${what}` : `FAILED  ${what}: ${String(found)}`);
  }

  /** What could not be checked here, and why. Counts neither way. */
  skip(what: string, reason: string): void {
    console.log(`skipped ${what}: ${reason}`);
  }
}
