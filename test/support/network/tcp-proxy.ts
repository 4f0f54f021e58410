import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port.js';

/**
 * - `forward`: passes bytes both ways
 * - `refuse`: the port is closed; open connections are reset
 * - `hang`: connections are accepted and bytes read, and nothing ever comes back
 */
export type ProxyMode = 'forward' | 'refuse' | 'hang';

/** Stands between the service and a server, to take it away and bring it back. */
export class TcpProxy {
  private mode: ProxyMode = 'forward';
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly targetPort: number,
  ) {}

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(await freePort(), targetPort);
    await proxy.listen();
    return proxy;
  }

  /** Open connections end, so that the new mode counts at once. */
  async setMode(mode: ProxyMode): Promise<void> {
    this.mode = mode;
    for (const socket of this.sockets) socket.resetAndDestroy();
    if (mode === 'refuse') await this.stopListening();
    else if (this.server === null) await this.listen();
  }

  async stop(): Promise<void> {
    await this.setMode('refuse');
  }

  private async listen(): Promise<void> {
    const server = createServer((client) => this.accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.server = server;
  }

  private async stopListening(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  private accept(client: Socket): void {
    this.track(client);
    if (this.mode === 'hang') {
      client.resume();
      return;
    }
    const target = connect(this.targetPort, '127.0.0.1');
    this.track(target);
    client.pipe(target).pipe(client);
    client.once('close', () => target.destroy());
    target.once('close', () => client.destroy());
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }
}
