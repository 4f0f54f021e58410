import { connect, createServer, type Server, type Socket } from 'node:net';
import { FaultyLink } from './faulty-link.js';
import { type Direction, LinkConditions } from './link-conditions.js';

/** Stands between one client and its server, and fails as networks do. */
export class FaultProxy {
  private readonly links = new Set<FaultyLink>();
  private readonly conditions = new LinkConditions();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly targetPort: number,
  ) {}

  static async start(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port was assigned');
    const proxy = new FaultProxy(server, address.port, targetPort);
    server.on('connection', (client) => proxy.join(client));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Every open connection ends with an RST. */
  reset(): void {
    for (const link of this.links) link.reset();
  }

  /** After `bytes` more in that direction their connection breaks: within a command, or within a reply. */
  cut(direction: Direction, bytes: number): void {
    this.conditions.cut(direction, bytes);
  }

  /** Connections stay open, new ones are accepted, and no byte arrives: what a host that lost its power looks like. */
  swallow(): void {
    this.conditions.swallow = true;
  }

  /**
   * On the connections that are open now bytes arrive only after `heal`, even those of a client that has gone and come
   * again by then: after an outage TCP sends again, and takes longer about it than a new connection takes.
   */
  hold(): void {
    for (const link of this.links) link.hold();
  }

  slow(latencyMs: number): void {
    this.conditions.latencyMs = latencyMs;
  }

  /** Back to normal; only connections that lost bytes stay dead. */
  heal(): void {
    this.conditions.heal();
    for (const link of this.links) link.release();
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
    const link = new FaultyLink(client, target, this.conditions);
    this.links.add(link);
    target.once('close', () => this.links.delete(link));
  }
}
