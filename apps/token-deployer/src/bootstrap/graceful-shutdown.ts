import type { NestExpressApplication } from '@nestjs/platform-express';
import { HttpConfig } from '#config';
import { ServiceState } from '#core';
import { exitImmediately } from './early-signals.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Drains and exits with 0 on SIGTERM or SIGINT; a second signal or SHUTDOWN_TIMEOUT exits at once. Registers its
 * listener before Nest's, which marks the application as closing too late.
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
  // Without useProcessExit Nest signals itself, which PID 1 of a container ignores.
  app.enableShutdownHooks([...SIGNALS], { useProcessExit: true });
}
