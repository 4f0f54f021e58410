import { ConfigValidationError } from '#config';
import { StartupError, HoldError } from '#core';
import { RedisUnavailable } from '#redis';

/** Errors whose message is a sentence for people and holds no secret. */
const SENTENCES = [ConfigValidationError, StartupError, HoldError, RedisUnavailable];

/** What a command prints when it fails: what the operator can mend in one sentence, a fault of ours with its place. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return 'the command failed';
  const forPeople = SENTENCES.some((kind) => error instanceof kind) || 'code' in error;
  return forPeople ? error.message : (error.stack ?? error.message);
}
