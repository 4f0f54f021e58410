import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and Redis, and fails as networks do. */
export class ReplyDroppingProxy {
  private readonly sockets = new Set<Socket>();
  private repliesToDrop = 0;
  private frozen = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(redisPort: number): Promise<ReplyDroppingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port was assigned');
    const proxy = new ReplyDroppingProxy(server, address.port);
    server.on('connection', (client) => proxy.join(client, connect(redisPort, '127.0.0.1')));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** The next scripts run, and the connection breaks before their replies arrive. */
  dropReplies(count: number): void {
    this.repliesToDrop = count;
  }

  /** From now on nothing passes, on connections that stay open: what a host that lost its power looks like. */
  freeze(): void {
    this.frozen = true;
  }

  /** Connections that were open while frozen stay dead; new ones pass. */
  unfreeze(): void {
    for (const socket of this.sockets) socket.removeAllListeners('data');
    this.frozen = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private join(client: Socket, redis: Socket): void {
    let running = false;
    client.on('data', (chunk) => {
      if (this.frozen) return;
      running = /\r\nEVAL(SHA)?\r\n/i.test(chunk.toString('latin1'));
      redis.write(chunk);
    });
    redis.on('data', (chunk) => {
      if (this.frozen) return;
      if (running && this.repliesToDrop > 0 && !chunk.toString('latin1').startsWith('-NOSCRIPT')) {
        this.repliesToDrop -= 1;
        client.destroy();
        return;
      }
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
