import { InvalidEnvironment } from '#config';
import { BootRefused, Held } from '#core';
import { RedisUnavailable } from '#redis';

/** Errors whose message is a sentence for people and holds no secret. */
const SENTENCES = [InvalidEnvironment, BootRefused, Held, RedisUnavailable];

/** What a command prints when it fails: what the operator can mend in one sentence, a fault of ours with its place. */
export function commandFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'the command failed';
  const forPeople = SENTENCES.some((kind) => error instanceof kind) || 'code' in error;
  return forPeople ? error.message : (error.stack ?? error.message);
}
