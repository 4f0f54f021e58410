import type { DeadLetterReason, HoldReason } from './reasons.js';

/** The message itself is at fault: sending it again can change nothing. */
export class MessageRejectedError extends Error {
  constructor(
    readonly reason: DeadLetterReason,
    message: string,
    /** Path of the offending field, such as `payload.model_id`; null when no single field is at fault. */
    readonly field: string | null = null,
  ) {
    super(message);
    this.name = 'MessageRejected';
  }
}

/** The world is not ready for this work: wait and go on, nothing is at fault (M3). */
export class HoldError extends Error {
  constructor(
    readonly reason: HoldReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Held';
  }
}

/** The service is set up so that it must not run at all: the process ends with this message. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BootRefused';
  }
}
