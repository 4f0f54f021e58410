/** Wakes one loop when something changes. A ring while the loop is busy is not lost. */
export class WakeSignal {
  private notified = false;
  private wake: (() => void) | null = null;

  notify(): void {
    this.notified = true;
    this.wake?.();
  }

  /** Returns at the next ring, after `timeoutMs`, or when `signal` aborts. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.notified && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          resolve();
        };
        const timer = setTimeout(finish, timeoutMs);
        signal.addEventListener('abort', finish);
        this.wake = finish;
      });
      this.wake = null;
    }
    this.notified = false;
  }
}

/** Something that loops wait for: rings every bell that is hung on it. */
export class Notifier {
  private readonly signals = new Set<WakeSignal>();

  subscribe(...signals: readonly WakeSignal[]): void {
    for (const bell of signals) this.signals.add(bell);
  }

  unsubscribe(...signals: readonly WakeSignal[]): void {
    for (const bell of signals) this.signals.delete(bell);
  }

  notifyAll(): void {
    for (const bell of this.signals) bell.notify();
  }
}
