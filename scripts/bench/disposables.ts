/** What was opened, to be closed in the opposite order. */
export class Disposables {
  private static readonly unfinished = new Set<Disposables>();
  private readonly steps: (() => unknown)[] = [];

  /** Closes everything that `work` adds, also when it throws. */
  static async use<T>(work: (closing: Disposables) => Promise<T>): Promise<T> {
    const closing = new Disposables();
    Disposables.unfinished.add(closing);
    try {
      return await work(closing);
    } finally {
      await closing.dispose();
    }
  }

  /** Closes everything that is open, also when it is in use. */
  static async disposeAll(): Promise<void> {
    for (const closing of Disposables.unfinished) await closing.dispose();
  }

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  private async dispose(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
    Disposables.unfinished.delete(this);
  }
}
