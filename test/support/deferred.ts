/** Something that waits until a test lets it go on. */
export class Deferred {
  private resolvePromise: () => void = noop;
  /** Resolves when the gate is opened. */
  readonly promise = new Promise<void>((resolve) => {
    this.resolvePromise = resolve;
  });

  resolve(): void {
    this.resolvePromise();
  }
}

function noop(): void {
  // Replaced before any call: a promise runs its executor at once.
}
