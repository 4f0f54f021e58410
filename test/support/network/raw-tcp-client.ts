import { connect, type Socket } from 'node:net';

/** An HTTP client that writes what it likes, when it likes. */
export class RawTcpClient {
  private received = '';
  private fromSocket = false;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
    socket.on('error', () => undefined).once('close', () => (this.fromSocket = true));
  }

  static connect(port: number): RawTcpClient {
    return new RawTcpClient(connect(port, '127.0.0.1'));
  }

  write(text: string): void {
    if (!this.fromSocket) this.socket.write(text);
  }

  get ended(): boolean {
    return this.fromSocket;
  }

  /** Status codes of the answers so far. */
  get statuses(): string[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status ?? '');
  }

  close(): void {
    this.socket.destroy();
  }
}
