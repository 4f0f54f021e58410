import type { DeadLetterReason, HoldReason } from './reasons.js';

/** A permanent error of the message. A retry cannot succeed. */
export class MessageRejectedError extends Error {
  constructor(
    readonly reason: DeadLetterReason,
    message: string,
    /** Path of the offending field, such as `payload.model_id`; null when it concerns no single field. */
    readonly field: string | null = null,
  ) {
    super(message);
    this.name = 'MessageRejectedError';
  }
}

/** An external condition blocks the work. Wait and resume; no retry is consumed (M3). */
export class HoldError extends Error {
  constructor(
    readonly reason: HoldReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HoldError';
  }
}

/** A configuration under which the service must not run. The process exits with this message. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
  }
}
