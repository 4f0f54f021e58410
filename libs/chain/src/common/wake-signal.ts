/** Wakes one loop. A notification that arrives while the loop is busy is kept until the next wait. */
export class WakeSignal {
  private notified = false;
  private wake: (() => void) | null = null;

  notify(): void {
    this.notified = true;
    this.wake?.();
  }

  /** Resolves at the next notification, after `timeoutMs`, or when `signal` aborts. */
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

/** Notifies every subscribed signal of a change. */
export class Notifier {
  private readonly signals = new Set<WakeSignal>();

  subscribe(...signals: readonly WakeSignal[]): void {
    for (const signal of signals) this.signals.add(signal);
  }

  unsubscribe(...signals: readonly WakeSignal[]): void {
    for (const signal of signals) this.signals.delete(signal);
  }

  notifyAll(): void {
    for (const signal of this.signals) signal.notify();
  }
}
