import { type LaneJournal, sleep } from '#core';
import type { LaneSession } from './lane-session.js';

/**
 * Renews the lease three times per duration until the session ends. A lease that was not renewed in time is lost, even if
 * Redis confirms it later.
 *
 * @returns whether the lease was lost
 */
export async function renewLease(journal: LaneJournal, session: LaneSession, leaseMs: number): Promise<boolean> {
  let renewedAt = performance.now();
  while (!session.ended) {
    await sleep(leaseMs / 3, session.signal);
    if (session.ended) return false;
    const requestedAt = performance.now();
    try {
      if (!(await journal.renew(session.lease, leaseMs))) return true;
      renewedAt = requestedAt;
    } catch {
      if (performance.now() - renewedAt >= leaseMs) return true;
    }
  }
  return false;
}
