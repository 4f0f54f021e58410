import { Injectable } from '@nestjs/common';

const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
const MAX_ADDRESSES = 10_000;

/** Counts wrong tokens per address, in a window that begins with the first one. In memory, bounded. */
@Injectable()
export class FailedAttempts {
  private readonly windows = new Map<string, { failures: number; readonly endsAt: number }>();

  /** Milliseconds that the address has to wait; 0 when it may try. */
  waitMs(address: string): number {
    const window = this.windows.get(address);
    if (window === undefined || window.failures < MAX_FAILURES) return 0;
    return Math.max(0, window.endsAt - performance.now());
  }

  count(address: string): void {
    const window = this.windows.get(address);
    if (window !== undefined && window.endsAt > performance.now()) {
      window.failures += 1;
      return;
    }
    this.windows.delete(address);
    this.forgetOldest();
    this.windows.set(address, { failures: 1, endsAt: performance.now() + WINDOW_MS });
  }

  /** A map keeps the order of insertion, so the first one ends first. */
  private forgetOldest(): void {
    if (this.windows.size < MAX_ADDRESSES) return;
    const [oldest] = this.windows.keys();
    if (oldest !== undefined) this.windows.delete(oldest);
  }
}
