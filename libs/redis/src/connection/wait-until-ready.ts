import type { Redis } from 'ioredis';
import { RedisUnavailableError } from '../redis.errors.js';

const DEFAULT_WAIT_MS = 2_000;

/**
 * Waits until the connection is up, for as long as a command on it may take.
 *
 * @throws RedisUnavailableError when it is not up by then, or closed for good
 */
export async function waitUntilReady(redis: Redis): Promise<void> {
  // A socket that was destroyed is still `ready` until its close is noticed.
  if (redis.status === 'ready' && redis.stream.writable) return;
  if (redis.status === 'end') throw unavailable();
  // Any number of calls may wait at once; Node takes more than ten for a leak and says so.
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
