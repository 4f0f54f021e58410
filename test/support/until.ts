/**
 * Waits until `probe` returns something other than false, null or undefined, and returns it. An exception of the probe
 * counts as "not yet" and becomes the cause when the time is over.
 *
 * @param what completes the sentence "gave up waiting for …"
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  { timeoutMs = 30_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const found = await probe();
      if (found !== false && found !== null && found !== undefined) return found;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what} after ${timeoutMs} ms`, { cause });
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
}
