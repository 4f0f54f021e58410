/** Holds up whoever passes, until it is opened. */
export class Barrier {
  /** Whether somebody has come to it. */
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
