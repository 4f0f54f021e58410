import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, but not past an abort. Never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
