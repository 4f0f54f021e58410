/** Nothing has been claimed, signed or opened: a signal may end the process at once. As process 1 it would be ignored. */
export function exitImmediately(): void {
  process.exit(0);
}

// For as long as the other modules are loaded and made: `endOnSignals` takes over.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, exitImmediately);
