import { ConfigValidationError } from '#config';
import { StartupError, HoldError } from '#core';
import { RedisUnavailableError } from '#redis';

/** Errors with a human-readable message, free of secrets. */
const SENTENCES = [ConfigValidationError, StartupError, HoldError, RedisUnavailableError];

/** Formats an error: the message for an operator's error, the stack for a bug. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return 'the command failed';
  const forPeople = SENTENCES.some((kind) => error instanceof kind) || 'code' in error;
  return forPeople ? error.message : (error.stack ?? error.message);
}
