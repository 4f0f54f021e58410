/**
 * Resolves when Ctrl-C or SIGTERM arrives, or when npm, which started this process, is gone. From its call on, neither
 * signal ends the process, so that running work can clean up.
 */
export function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 1000).unref();
  });
}
