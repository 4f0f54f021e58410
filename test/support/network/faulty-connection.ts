import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction, ConnectionFaults } from './connection-faults.js';

/** One connection of a client to a server, under the conditions of a proxy. */
export class FaultyConnection {
  private broken = false;
  private stalled: Promise<void> = Promise.resolve();
  private endStall: () => void = () => undefined;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly faults: ConnectionFaults,
  ) {
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    this.pipe(client, server, 'request');
    this.pipe(server, client, 'reply');
  }

  /** Both ends see an RST. */
  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  /** From now on bytes wait for `release`. */
  stall(): void {
    this.resume();
    this.stalled = new Promise((resolve) => {
      this.endStall = resolve;
    });
  }

  resume(): void {
    this.endStall();
  }

  // What was sent before the sender went away arrives all the same, and only then the other end sees the close.
  private pipe(from: Socket, to: Socket, direction: Direction): void {
    let way = Promise.resolve();
    from.on('data', (chunk) => {
      // A link that lost bytes can never be used again: what comes after them would make no sense.
      this.broken ||= this.faults.blackhole;
      if (this.broken) return;
      const passage = this.delay();
      way = way.then(async () => await passage).then(() => this.deliver(from, to, direction, chunk));
    });
    from.once('close', () => {
      const passage = this.delay();
      way = way.then(async () => await passage).then(() => to.destroySoon());
    });
  }

  /** Resolves when bytes that set out now arrive. */
  private async delay(): Promise<void> {
    if (this.faults.latencyMs > 0) await sleep(this.faults.latencyMs);
    await this.stalled;
  }

  private deliver(from: Socket, to: Socket, direction: Direction, chunk: Buffer): void {
    if (!to.writable) return;
    const remainder = this.faults.breaksAfter(direction, chunk.length);
    if (remainder === null) {
      to.write(chunk);
      return;
    }
    this.broken = true;
    to.end(chunk.subarray(0, remainder));
    from.resetAndDestroy();
  }
}
