/** Wakes one loop when something changes. A ring while the loop is busy is not lost. */
export class Bell {
  private rung = false;
  private wake: (() => void) | null = null;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Returns at the next ring, after `timeoutMs`, or when `signal` aborts. */
  async heard(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) {
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
    this.rung = false;
  }
}

/** Something that loops wait for: rings every bell that is hung on it. */
export class Announcer {
  private readonly bells = new Set<Bell>();

  hang(...bells: readonly Bell[]): void {
    for (const bell of bells) this.bells.add(bell);
  }

  take(...bells: readonly Bell[]): void {
    for (const bell of bells) this.bells.delete(bell);
  }

  announce(): void {
    for (const bell of this.bells) bell.ring();
  }
}
