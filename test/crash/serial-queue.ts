/** Runs tasks one after the other. A node that fills in nonces mixes up those of concurrent transactions. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  async run<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.last.then(action);
    this.last = turn.catch(() => undefined);
    return await turn;
  }
}
