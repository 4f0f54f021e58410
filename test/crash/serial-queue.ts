/** Does one thing after the other, whoever asks for them. A node that fills in nonces confuses those of two at a time. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  async run<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.last.then(action);
    this.last = turn.catch(() => undefined);
    return await turn;
  }
}
