import type { EventPolicy } from '#reconciliation';
import { StartupError } from '#core';

/** @throws StartupError for both flags */
export function eventPolicyOf({ publish, published }: { publish: boolean; published: boolean }): EventPolicy {
  if (publish && published) throw new StartupError('--publish-missing and --events-published contradict each other');
  if (publish) return 'publish';
  return published ? 'published' : 'later';
}

/** @throws StartupError for an invalid block number */
export function fromBlockOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new StartupError('--from-block must be a block number');
}
