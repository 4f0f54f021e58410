import type { Redis } from 'ioredis';
import { RedisUnavailableError } from '../redis.errors.js';

const DEFAULT_WAIT_MS = 2_000;

/**
 * Waits for the connection, at most its command timeout.
 *
 * @throws RedisUnavailableError after the timeout, or for a closed connection
 */
export async function waitUntilReady(redis: Redis): Promise<void> {
  // A destroyed socket stays `ready` until its close event.
  if (redis.status === 'ready' && redis.stream.writable) return;
  if (redis.status === 'end') throw unavailable();
  // Many calls may wait at once; Node warns above ten listeners.
  redis.setMaxListeners(0);
  await new Promise<void>((resolve, reject) => {
    const ready = (): void => {
      stop();
      resolve();
    };
    const giveUp = (): void => {
      stop();
      reject(unavailable());
    };
    const patience = setTimeout(giveUp, redis.options.commandTimeout ?? DEFAULT_WAIT_MS);
    const stop = (): void => {
      clearTimeout(patience);
      redis.off('ready', ready).off('end', giveUp);
    };
    redis.once('ready', ready).once('end', giveUp);
  });
}

function unavailable(): RedisUnavailableError {
  return new RedisUnavailableError('CONNECTION', 'no connection to Redis');
}
