import { connect } from 'node:net';
import { TestProcess } from '../process/test-process.js';
import { createServerLocation, LocalServer, type ServerLocation } from '../process/local-server.js';

/** A real, separate Redis on a free port, with its data in its folder. */
export class RedisServer extends LocalServer {
  /**
   * @param args further settings, such as `['--appendonly', 'yes']`
   * @param env on top of the environment of this process
   */
  static async start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
    const server = new RedisServer('redis-server', await createServerLocation('redis'), (place, more) =>
      spawnRedis(place, [...args, ...more], env),
    );
    await server.waitUntilReady();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  protected override async probe(): Promise<boolean> {
    return await pong(this.port);
  }
}

function spawnRedis(
  { port, folder }: ServerLocation,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): TestProcess {
  const binary = process.env['REDIS_SERVER'] ?? 'redis-server';
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  return new TestProcess(binary, [...settings, ...args], { env: { ...process.env, ...env } });
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
