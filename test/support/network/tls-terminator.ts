import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer, type Server, type TlsOptions } from 'node:tls';

/** A TLS listener on localhost that passes what it decrypts to a plain port. */
export class TlsTerminator {
  /** Handshakes that were completed. */
  accepted = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(target: number, options: TlsOptions): Promise<TlsTerminator> {
    const server = createServer(options);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const terminator = new TlsTerminator(server, typeof address === 'object' ? (address?.port ?? 0) : 0);
    server.on('secureConnection', (socket) => terminator.pipe(socket, target));
    return terminator;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private pipe(socket: Socket, target: number): void {
    this.accepted += 1;
    const behind = connect(target, '127.0.0.1');
    for (const end of [socket, behind]) {
      this.sockets.add(end);
      end
        .on('error', () => undefined)
        .on('close', () => {
          socket.destroy();
          behind.destroy();
        });
    }
    socket.pipe(behind).pipe(socket);
  }
}
