/**
 * Waits for `work`, unless the signal comes first.
 *
 * @throws Error when it does
 */
export async function abortable<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  const ended = new AbortController();
  try {
    return await Promise.race(signal === undefined ? [work] : [work, rejectOnAbort(signal, ended.signal)]);
  } finally {
    ended.abort();
    // When the signal came first, nothing awaits the result.
    work.catch(() => undefined);
  }
}

/** Never resolves. Listens until `ended`. */
function rejectOnAbort(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const breakOff = (): void => reject(new Error('broken off'));
    if (signal.aborted) breakOff();
    signal.addEventListener('abort', breakOff, { signal: ended });
  });
}
