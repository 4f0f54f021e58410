/** Waits for `work`, unless the signal comes first. @throws Error then */
export async function unlessBrokenOff<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await work;
  // Nobody is left to hear what becomes of it.
  work.catch(() => undefined);
  return await Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      const breakOff = (): void => reject(new Error('broken off'));
      if (signal.aborted) breakOff();
      signal.addEventListener('abort', breakOff, { once: true });
    }),
  ]);
}
