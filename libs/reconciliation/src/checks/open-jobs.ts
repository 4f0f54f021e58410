import type { MessagePlace } from '#core';
import { peekIds } from '#messages';
import type { VerificationPass } from '../verification-scope.js';

/** Where a message may wait for its next claim. */
const WAITING: readonly MessagePlace[] = ['queue', 'processing', 'delayed'];

/** Checks that each admitted job has a message: without one nothing processes it. A replay of its dead letter does. */
export async function checkOpenJobs({ ledger, findings, modelIdSource }: VerificationPass): Promise<void> {
  const left = new Set<string>();
  for await (const page of ledger.jobs()) {
    for (const { modelId, job, hasMessage } of page) if (job?.state === 'admitted' && !hasMessage) left.add(modelId);
  }
  if (left.size === 0) return;
  for (const place of WAITING) {
    for await (const page of ledger.messages(place)) {
      for (const bytes of page) left.delete(peekIds(bytes, modelIdSource).modelId ?? '');
    }
  }
  for (const modelId of left) {
    findings.add(
      'job-without-message',
      `model ${modelId}`,
      'admitted; replay its dead letter or send its message again',
    );
  }
}
