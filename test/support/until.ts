import { inspect } from 'node:util';

export interface Waiting {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** What an error is to show; default: the last value of the probe. */
  readonly saw?: () => unknown;
}

/**
 * Waits until `probe` returns something other than false, null or undefined, and returns it. An exception of the probe
 * counts as "not yet" and becomes the cause when the time is over.
 *
 * @param what completes the sentence "gave up waiting for …"
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  { timeoutMs = 60_000, everyMs = 20, saw }: Waiting = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    let cause: unknown;
    try {
      const found = await probe();
      if (found !== false && found !== null && found !== undefined) return found;
      last = found;
    } catch (error) {
      last = cause = error;
    }
    if (Date.now() > deadline) {
      const seen = saw === undefined ? last : await look(saw);
      throw new Error(`gave up waiting for ${what} after ${timeoutMs} ms; last seen: ${textOf(seen)}`, { cause });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
}

async function look(saw: () => unknown): Promise<unknown> {
  try {
    return await saw();
  } catch (error) {
    return error;
  }
}

function textOf(seen: unknown): string {
  return seen instanceof Error ? seen.message : inspect(seen, { depth: 4, breakLength: Infinity });
}
