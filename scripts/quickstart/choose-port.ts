import { createServer } from 'node:net';
import { freePort } from '../../test/support/network/free-port.js';

const DEFAULT_PORT = 3000;

/** Returns `PORT` when it is set, else 3000 when it is free, else another free port. */
export async function choosePort(): Promise<number> {
  const asked = process.env['PORT'];
  if (asked !== undefined) return Number(asked);
  return (await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : await freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
