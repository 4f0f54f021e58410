import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../../test/support/network/free-port.js';

/** Bytes that arrived from a client, and when. */
interface Arrival {
  /** Unix milliseconds, with fractions. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** Passes bytes on at once, both ways, and keeps what the clients sent with the time of its arrival. */
export class RecordingRelay {
  private readonly sockets = new Set<Socket>();
  /** Of each connection, in order. */
  private readonly streams: Arrival[][] = [];

  private constructor(
    readonly port: number,
    private readonly targetPort: number,
    private readonly server: Server,
  ) {}

  static async start(targetPort: number): Promise<RecordingRelay> {
    const server = createServer({ noDelay: true });
    const relay = new RecordingRelay(await freePort(), targetPort, server);
    server.on('connection', (client) => relay.accept(client));
    await new Promise<void>((resolve) => server.listen(relay.port, '127.0.0.1', resolve));
    return relay;
  }

  /** When the first bytes of each text arrived, in Unix milliseconds; those that never came are left out. */
  arrivals(texts: readonly string[]): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const stream of this.streams) {
      const content = Buffer.concat(stream.map(({ bytes }) => bytes)).toString('latin1');
      for (const text of texts) {
        const place = content.indexOf(text);
        if (place >= 0) found.set(text, Math.min(timeOf(stream, place), found.get(text) ?? Infinity));
      }
    }
    return found;
  }

  /** Forgets what has arrived so far. */
  forget(): void {
    for (const stream of this.streams) stream.length = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    const stream: Arrival[] = [];
    this.streams.push(stream);
    const target = connect({ port: this.targetPort, host: '127.0.0.1', noDelay: true });
    client.on('data', (bytes: Buffer) => stream.push({ at: now(), bytes }));
    client.pipe(target).pipe(client);
    for (const socket of [client, target]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function timeOf(stream: readonly Arrival[], place: number): number {
  let passed = 0;
  for (const { at, bytes } of stream) {
    passed += bytes.length;
    if (place < passed) return at;
  }
  return Infinity;
}
