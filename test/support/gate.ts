/** Something that waits until a test lets it go on. */
export class Gate {
  private release: () => void = noop;
  /** Resolves when the gate is opened. */
  readonly opened = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  open(): void {
    this.release();
  }
}

function noop(): void {
  // Replaced before anybody can call it: a promise runs its executor at once.
}
