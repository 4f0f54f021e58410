import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** A real Redis of one's own, on a free port, with its data in a folder that goes when it stops. */
export class RedisServer {
  private constructor(
    readonly port: number,
    /** Where its data is. */
    readonly folder: string,
    private readonly args: readonly string[],
    private child: Child,
  ) {}

  /** @param args further settings, such as `['--appendonly', 'yes']` */
  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    const server = new RedisServer(port, folder, args, launch(port, folder, args));
    await server.ready();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.signal(signal);
  }

  /** Ends the process and leaves the data: `restart` brings it back on the same port. */
  async halt(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.child.stop(signal);
  }

  async restart(): Promise<void> {
    if (this.child.running) await this.halt();
    this.child = launch(this.port, this.folder, this.args);
    await this.ready();
  }

  async stop(): Promise<void> {
    await this.child.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    await until(`Redis on port ${this.port}\n${this.child.output}`, async () => {
      if (!this.child.running) throw new Error(`redis-server ended: ${this.child.output}`);
      return await pong(this.port);
    });
  }
}

function launch(port: number, folder: string, args: readonly string[]): Child {
  const binary = process.env['REDIS_SERVER'] ?? 'redis-server';
  return new Child(binary, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...args]);
}

/** True when the server answers a PING, loaded or asking for a password; it must not be loading. */
function pong(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (chunk) => finish(/^(\+PONG|-NOAUTH)/.test(chunk.toString())));
    socket.once('error', () => finish(false));
    socket.setTimeout(1000, () => finish(false));
  });
}
