/** Exits on a signal during startup, before any message is claimed. PID 1 ignores signals without a handler. */
export function exitImmediately(): void {
  process.exit(0);
}

// Active until `enableGracefulShutdown` replaces it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, exitImmediately);
