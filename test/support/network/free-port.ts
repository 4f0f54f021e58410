import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports below those of outgoing connections (Linux 32768, macOS 49152), also for the bus of a Redis Cluster, 10,000 higher. */
const FIRST = 10_000;
const END = 22_768;

/**
 * Returns a TCP port of the loopback interface that is free at this moment.
 *
 * The system does not give it to an outgoing connection before the caller listens on it, unlike the port of `listen(0)`.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
