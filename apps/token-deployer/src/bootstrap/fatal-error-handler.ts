import { writeSync } from 'node:fs';
import { type Environment, ConfigValidationError, secretsInEnvironment } from '#config';
import { StartupError } from '#core';
import { JsonLogger, RequestContext } from '#telemetry';

const STDERR = 2;

/**
 * Logs fatal errors without secrets. Node would print all fields of the error, such as the arguments of Redis' AUTH
 * (S1).
 */
export class FatalErrorHandler {
  private readonly logger: JsonLogger;

  constructor(
    environment: Environment,
    private readonly write: (line: string) => void = (line) => void writeSync(STDERR, line),
  ) {
    // This level includes error stacks.
    const options = { level: 'debug', secrets: secretsInEnvironment(environment) } as const;
    this.logger = new JsonLogger(options, new RequestContext(), write);
  }

  /** Prints the message of an operator's error, and the stack of a bug. */
  handleBootstrapError(error: unknown): void {
    if (error instanceof ConfigValidationError || error instanceof StartupError) this.write(`${error.message}\n`);
    else this.logger.fatal({ event: 'startup.failed', message: 'startup failed, exiting', error });
  }

  /** Logs the first uncaught error and exits with code 1. */
  register(): void {
    process.on('uncaughtException', (error: unknown) => {
      this.logger.fatal({ event: 'process.uncaught_error', message: 'uncaught error', error });
      process.exit(1);
    });
  }
}
