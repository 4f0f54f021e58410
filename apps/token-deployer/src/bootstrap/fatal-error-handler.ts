import { writeSync } from 'node:fs';
import { type Environment, ConfigValidationError, secretsInEnvironment } from '#config';
import { StartupError } from '#core';
import { JsonLogger, RequestContext } from '#telemetry';

const STDERR = 2;

/**
 * What the process says before it ends for a reason that nobody foresaw. Node itself would print the error with all its
 * fields, and those of a driver hold what it sent: of Redis' AUTH, the password (S1).
 */
export class FatalErrorHandler {
  private readonly logger: JsonLogger;

  constructor(
    environment: Environment,
    private readonly write: (line: string) => void = (line) => void writeSync(STDERR, line),
  ) {
    // At this level errors bring their stack.
    const options = { level: 'debug', secrets: secretsInEnvironment(environment) } as const;
    this.logger = new JsonLogger(options, new RequestContext(), write);
  }

  /** What the operator can mend is one sentence; anything else is a fault of ours and shows where. */
  handleBootstrapError(error: unknown): void {
    if (error instanceof ConfigValidationError || error instanceof StartupError) this.write(`${error.message}\n`);
    else this.logger.fatal({ event: 'startup.failed', message: 'startup failed, exiting', error });
  }

  /** Ends the process, as Node would, at the first error that nobody caught or awaited. */
  register(): void {
    process.on('uncaughtException', (error: unknown) => {
      this.logger.fatal({ event: 'process.uncaught_error', message: 'uncaught error', error });
      process.exit(1);
    });
  }
}
