/** Suspends every caller until it is opened. */
export class Barrier {
  /** Whether a caller has arrived. */
  reached = false;
  private letThrough = (): void => undefined;
  private readonly opened = new Promise<void>((resolve) => {
    this.letThrough = resolve;
  });

  readonly wait = async (): Promise<void> => {
    this.reached = true;
    await this.opened;
  };

  open(): void {
    this.letThrough();
  }
}
