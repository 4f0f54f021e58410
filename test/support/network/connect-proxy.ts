import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy that tunnels by CONNECT, to localhost regardless of the host's name. */
export class ConnectProxy {
  /** Targets of every CONNECT, `host:port`. */
  readonly targets: string[] = [];
  /** Proxy-Authorization of every CONNECT. */
  readonly authorizations: (string | undefined)[] = [];
  /** Answers every CONNECT with this status instead of a tunnel. */
  refusal: number | null = null;
  private readonly sockets = new Set<Duplex>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.tunnel(request, socket, head),
    );
  }

  static async start(): Promise<ConnectProxy> {
    const server = createServer((_, response) => response.writeHead(400).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return new ConnectProxy(server, typeof address === 'object' ? (address?.port ?? 0) : 0);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = request.url ?? '';
    this.targets.push(target);
    this.authorizations.push(request.headers['proxy-authorization']);
    if (this.refusal !== null) {
      socket.end(`HTTP/1.1 ${this.refusal} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const behind = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      behind.write(head);
      socket.pipe(behind).pipe(socket);
    });
    for (const end of [socket, behind]) {
      this.sockets.add(end);
      end
        .on('error', () => undefined)
        .on('close', () => {
          socket.destroy();
          behind.destroy();
        });
    }
  }
}
