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

const STEP_MS = 100;

/**
 * Like `sleep`, but counts only time in which the process could read replies: a blocked event loop must not look like a
 * dependency that does not answer.
 */
export async function sleepResponsive(ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal.aborted; left -= STEP_MS) await sleep(Math.min(STEP_MS, left), signal);
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
