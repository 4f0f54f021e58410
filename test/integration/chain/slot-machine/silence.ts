import type { LoggerService } from '@nestjs/common';

const nothing = (): void => undefined;

/** What hundreds of injected failures log says nothing about the test. */
export const SILENCE: LoggerService = { log: nothing, warn: nothing, error: nothing };
