import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction, LinkConditions } from './link-conditions.js';

/** One connection of a client to a server, under the conditions of a proxy. */
export class FaultyLink {
  private broken = false;
  private gate: Promise<void> = Promise.resolve();
  private openGate: () => void = () => undefined;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly conditions: LinkConditions,
  ) {
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    this.carry(client, server, 'request');
    this.carry(server, client, 'reply');
  }

  /** Both ends see an RST. */
  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  /** From now on bytes wait for `release`. */
  hold(): void {
    this.release();
    this.gate = new Promise((resolve) => {
      this.openGate = resolve;
    });
  }

  release(): void {
    this.openGate();
  }

  // What was sent before the sender went away arrives all the same, and only then the other end sees the close.
  private carry(from: Socket, to: Socket, direction: Direction): void {
    let way = Promise.resolve();
    from.on('data', (chunk) => {
      // A link that lost bytes can never be used again: what comes after them would make no sense.
      this.broken ||= this.conditions.swallow;
      if (this.broken) return;
      const passage = this.passage();
      way = way.then(async () => await passage).then(() => this.arrive(from, to, direction, chunk));
    });
    from.once('close', () => {
      const passage = this.passage();
      way = way.then(async () => await passage).then(() => to.destroySoon());
    });
  }

  /** Resolves when bytes that set out now arrive. */
  private async passage(): Promise<void> {
    if (this.conditions.latencyMs > 0) await sleep(this.conditions.latencyMs);
    await this.gate;
  }

  private arrive(from: Socket, to: Socket, direction: Direction, chunk: Buffer): void {
    if (!to.writable) return;
    const remainder = this.conditions.breaksAfter(direction, chunk.length);
    if (remainder === null) {
      to.write(chunk);
      return;
    }
    this.broken = true;
    to.end(chunk.subarray(0, remainder));
    from.resetAndDestroy();
  }
}
