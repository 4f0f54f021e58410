/** Runs `tick` repeatedly until stopped. */
export class PollingLoop {
  private readonly controller = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /** @param tick must not throw; returns soon after its signal aborts */
  constructor(private readonly tick: (signal: AbortSignal) => Promise<void>) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves when the current iteration ends. */
  async stop(): Promise<void> {
    this.controller.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.controller;
    while (!signal.aborted) await this.tick(signal);
  }
}

/** Resolves after `ms` or when `signal` aborts. Never throws. */
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
