import { sleep } from '#core';
import { Discrepancies, type VerificationReport } from './discrepancy-report.js';
import type { VerificationScope } from './verification-scope.js';
import { checkChain } from './checks/chain.js';
import { checkEvents } from './checks/events.js';
import { checkJobs } from './checks/jobs.js';
import { checkLanes } from './checks/lanes.js';
import { checkLeases } from './checks/leases.js';
import { checkMessages } from './checks/messages.js';
import { checkOpenJobs } from './checks/open-jobs.js';
import { checkRegistrations } from './checks/registrations.js';

/** Delay between the two passes in milliseconds; longer than any non-atomic step of the service. */
const RECHECK_DELAY_MS = 5_000;

/**
 * Compares jobs, queue, lanes, events and chain, and reports every discrepancy. Writes nothing. Memory is bounded,
 * except for the event ids with `eventsKept`.
 *
 * Reports only discrepancies that two passes find, because one pass may see a step in progress. A quiescent system or
 * an overflowing report needs one pass.
 *
 * @param settlingMs delay between the two passes
 * @throws HoldError when RPC is unavailable; RedisUnavailableError
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
  await checkOpenJobs(current);
  await checkEvents(current);
  await checkLeases(current);
  await checkMessages(current);
  return findings.report(head.final);
}
