import type { NestExpressApplication } from '@nestjs/platform-express';
import { HttpConfig } from '#config';
import { ServiceState } from '#core';
import { exitImmediately } from './early-signals.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * SIGTERM drains and ends with 0; a second signal, or SHUTDOWN_TIMEOUT, ends at once. The first listener is ours, because
 * Nest's hooks mark the application as closing only after the work of the first hook.
 */
export function enableGracefulShutdown(app: NestExpressApplication): void {
  const state = app.get(ServiceState);
  const { shutdownTimeoutMs } = app.get(HttpConfig);
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      state.markDraining();
      for (const again of SIGNALS) process.once(again, () => process.exit(1));
      setTimeout(() => process.exit(1), shutdownTimeoutMs).unref();
    });
    process.off(signal, exitImmediately);
  }
  // Without useProcessExit Nest ends by sending itself the signal, which PID 1 of a container ignores.
  app.enableShutdownHooks([...SIGNALS], { useProcessExit: true });
}
