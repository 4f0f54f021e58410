import { sleepResponsive } from '#core';

/**
 * Waits for the work, at most `timeoutMs` of a responsive event loop. Does not stop the work.
 *
 * @throws Error after the timeout
 */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const controller = new AbortController();
  const late = sleepResponsive(timeoutMs, controller.signal).then(() => {
    throw new Error(`no answer within ${timeoutMs} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    controller.abort();
  }
}
