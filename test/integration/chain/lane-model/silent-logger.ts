import type { LoggerService } from '@nestjs/common';

const noop = (): void => undefined;

/** What hundreds of injected failures log says nothing about the test. */
export const SILENT_LOGGER: LoggerService = { log: noop, warn: noop, error: noop };
