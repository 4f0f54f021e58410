import { sleep } from '#core';
import { Discrepancies, type VerificationReport } from './discrepancy-report.js';
import type { VerificationScope } from './verification-scope.js';
import { checkChain } from './checks/chain.js';
import { checkEvents } from './checks/events.js';
import { checkJobs } from './checks/jobs.js';
import { checkLanes } from './checks/lanes.js';
import { checkLeases } from './checks/leases.js';
import { checkMessages } from './checks/messages.js';
import { checkRegistrations } from './checks/registrations.js';

/** Between the two looks at a service that is at work: longer than any step of it that writes in two places. */
const RECHECK_DELAY_MS = 5_000;

/**
 * Compares jobs, queue, lanes, events and chain, reads only, and reports every disagreement. Memory stays bounded whatever
 * the number of jobs, except for the ids of the events where `eventsKept` asks for them.
 *
 * While the service works, what one look finds may be a step in progress: only what a second look finds as well is
 * reported. In a quiescent system one look is enough, and so it is where more is wrong than can be remembered.
 *
 * @param settlingMs between the two looks
 * @throws HoldError when the chain, RedisUnavailableError when Redis cannot be read to the end
 */
export async function verifyLedger(
  scope: VerificationScope,
  settlingMs = RECHECK_DELAY_MS,
): Promise<VerificationReport> {
  const first = await collect(scope, null);
  const isClear = first.disagreements.length === 0 || first.omitted > 0;
  if (scope.quiescent || isClear) return first;
  await sleep(settlingMs, AbortSignal.any([]));
  return await collect(scope, new Set(first.disagreements.map(({ code, subject }) => `${code} ${subject}`)));
}

async function collect(scope: VerificationScope, confirmed: ReadonlySet<string> | null): Promise<VerificationReport> {
  const findings = new Discrepancies(confirmed);
  const head = await scope.chain.head();
  const current = { ...scope, findings, head };
  await checkLanes(current);
  await checkChain(current);
  await checkRegistrations(current);
  await checkJobs(current);
  await checkEvents(current);
  await checkLeases(current);
  await checkMessages(current);
  return findings.report(head.final);
}
