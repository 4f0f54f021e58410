/** Repeats a turn until it is stopped. */
export class PollingLoop {
  private readonly controller = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /** @param tick must not throw; gives way as soon as its signal aborts */
  constructor(private readonly tick: (signal: AbortSignal) => Promise<void>) {}

  start(): void {
    this.running = this.run();
  }

  /** Returns when the turn in hand is over. */
  async stop(): Promise<void> {
    this.controller.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.controller;
    while (!signal.aborted) await this.tick(signal);
  }
}

/** Waits, but not past an abort. Never throws. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish);
  });
}
