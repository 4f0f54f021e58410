/** What was opened, to be closed in the opposite order. */
export class Closing {
  private static readonly unfinished = new Set<Closing>();
  private readonly steps: (() => unknown)[] = [];

  /** Closes everything that `work` adds, whatever it comes to. */
  static async around<T>(work: (closing: Closing) => Promise<T>): Promise<T> {
    const closing = new Closing();
    Closing.unfinished.add(closing);
    try {
      return await work(closing);
    } finally {
      await closing.run();
    }
  }

  /** Closes what is open now, under the feet of whoever uses it. */
  static async everything(): Promise<void> {
    for (const closing of Closing.unfinished) await closing.run();
  }

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  private async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
    Closing.unfinished.delete(this);
  }
}
