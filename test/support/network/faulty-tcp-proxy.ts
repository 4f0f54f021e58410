import { connect, createServer, type Server, type Socket } from 'node:net';
import { FaultyConnection } from './faulty-connection.js';
import { type Direction, ConnectionFaults } from './connection-faults.js';

/** Stands between one client and its server, and fails as networks do. */
export class FaultyTcpProxy {
  private readonly connections = new Set<FaultyConnection>();
  private readonly faults = new ConnectionFaults();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly targetPort: number,
  ) {}

  static async start(targetPort: number): Promise<FaultyTcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port was assigned');
    const proxy = new FaultyTcpProxy(server, address.port, targetPort);
    server.on('connection', (client) => proxy.join(client));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Every open connection ends with an RST. */
  reset(): void {
    for (const link of this.connections) link.reset();
  }

  /** After `bytes` more in that direction their connection breaks: within a command, or within a reply. */
  cutAfter(direction: Direction, bytes: number): void {
    this.faults.cutAfter(direction, bytes);
  }

  /** Connections stay open, new ones are accepted, and no byte arrives: what a host that lost its power looks like. */
  blackhole(): void {
    this.faults.blackhole = true;
  }

  /**
   * On the connections that are open now bytes arrive only after `heal`, even those of a client that has gone and come
   * again by then: after an outage TCP sends again, and takes longer about it than a new connection takes.
   */
  stall(): void {
    for (const link of this.connections) link.stall();
  }

  setLatency(latencyMs: number): void {
    this.faults.latencyMs = latencyMs;
  }

  /** Back to normal; only connections that lost bytes stay dead. */
  heal(): void {
    this.faults.heal();
    for (const link of this.connections) link.resume();
  }

  async stop(): Promise<void> {
    this.heal();
    this.reset();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private join(client: Socket): void {
    const target = connect(this.targetPort, '127.0.0.1');
    const link = new FaultyConnection(client, target, this.faults);
    this.connections.add(link);
    target.once('close', () => this.connections.delete(link));
  }
}
