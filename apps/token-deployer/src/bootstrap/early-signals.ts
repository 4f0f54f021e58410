/** Exits on a signal during startup, before any message is claimed. PID 1 ignores signals without a handler. */
export function exitImmediately(): void {
  process.exit(0);
}

// Without a listener, Node opens its inspector on this signal, and the inspector shows the key.
process.on('SIGUSR1', () => undefined);

// Active until `enableGracefulShutdown` replaces it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, exitImmediately);
