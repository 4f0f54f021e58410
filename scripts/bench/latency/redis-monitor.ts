import { connect, type Socket } from 'node:net';
import { QUEUE } from '../producer.js';

const LINE = /^\+(\d+\.\d+) \[\d+ [^\]]*\] "([A-Za-z]+)" "([^"]*)"/;

/**
 * Listens with MONITOR to what Redis does: it names each command with its time, in microseconds of one clock, those of
 * scripts too.
 */
export class RedisMonitor {
  private readonly lines: string[] = [];

  private constructor(private readonly socket: Socket) {}

  static async start(port: number): Promise<RedisMonitor> {
    const socket = connect({ port, host: '127.0.0.1' });
    const watch = new RedisMonitor(socket);
    let rest = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      watch.lines.push(...lines);
    });
    await new Promise<void>((resolve) => {
      socket.once('data', () => resolve());
      socket.write('MONITOR\r\n');
    });
    return watch;
  }

  stop(): void {
    this.socket.destroy();
  }

  /** When each message came to the queue, in Unix milliseconds. */
  pushed(ids: readonly string[]): ReadonlyMap<string, number> {
    return this.times(ids, QUEUE);
  }

  /** When each message came to the processing list: it was claimed. */
  claimed(ids: readonly string[]): ReadonlyMap<string, number> {
    return this.times(ids, `${QUEUE}:processing`);
  }

  private times(ids: readonly string[], list: string): ReadonlyMap<string, number> {
    const times = new Map<string, number>();
    for (const line of this.lines) {
      const [, at, command, key] = LINE.exec(line) ?? [];
      if (command?.toUpperCase() !== 'LPUSH' || key !== list) continue;
      for (const id of ids) {
        if (!times.has(id) && line.includes(id)) times.set(id, Number(at) * 1_000);
      }
    }
    return times;
  }
}
