import { createHash } from 'node:crypto';
import type { VerificationPass } from '../verification-scope.js';

/** Compares leases with the processing list. Holds one digest per lease in memory. */
export async function checkLeases({ ledger, findings, quiescent }: VerificationPass): Promise<void> {
  const leased = new Map<string, number>();
  const seen = new Set<string>();
  for await (const page of ledger.leases()) {
    for (const { lease, digest, hasExpiry } of page) {
      if (seen.has(lease)) continue;
      seen.add(lease);
      if (digest === null || !hasExpiry) {
        findings.add('lease-incomplete', `lease ${lease}`, hasExpiry ? 'no message' : 'no end');
      }
      if (digest !== null) leased.set(digest, (leased.get(digest) ?? 0) + 1);
    }
  }
  findings.count('leases', seen.size);
  for await (const page of ledger.messages('processing')) {
    for (const bytes of page) {
      const digest = createHash('sha1').update(bytes).digest('hex');
      const left = leased.get(digest) ?? 0;
      if (left > 0) leased.set(digest, left - 1);
      // A foreign consumer holds messages without a lease; a sweep requeues them later.
      else if (quiescent) findings.add('message-without-lease', `message ${digest}`, 'in processing');
    }
  }
  for (const [digest, left] of leased) {
    if (left > 0) findings.add('lease-without-message', `message ${digest}`, `${left} leases without a message`);
  }
}
