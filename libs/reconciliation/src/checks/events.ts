import type { StoredJob } from '#core';
import { eventIdOf } from '#messages';
import type { VerificationPass } from '../verification-scope.js';
import { type QueuedEvent, readEvent } from '../queued-event.js';
import { isDeployed } from '../deployed-job.js';

/** Compares queued events with the jobs. Compares the jobs with the events when no consumer removes events. */
export async function checkEvents(look: VerificationPass): Promise<void> {
  const queued = new Set<string>();
  for await (const page of look.ledger.events()) {
    look.findings.count('events', page.length);
    const events = page.map(readEvent);
    for (const event of events) {
      if (event === null) look.findings.add('event-unreadable', 'list of events', 'an element is no event');
    }
    const known = events.filter((event) => event !== null);
    const jobs = await look.ledger.find(known.map(({ modelId }) => modelId));
    for (const [index, event] of known.entries()) compare(look, event, jobs[index]);
    if (look.eventsKept) for (const { eventId, modelId } of known) queued.add(eventId ?? eventIdOf(look, modelId));
  }
  if (look.eventsKept) await checkQueued(look, queued);
}

function compare({ findings, ...look }: VerificationPass, event: QueuedEvent, stored?: StoredJob): void {
  const { modelId, tokenAddress, registryTransactionHash } = event;
  const eventId = event.eventId ?? eventIdOf(look, modelId);
  const subject = `model ${modelId}`;
  const isUnregistered = eventId === eventIdOf(look, modelId, 'token_deployed_unregistered');
  // Another chain's or contract's deployer may share the list. An event without an id does not tell.
  if (!isUnregistered && eventId !== eventIdOf(look, modelId)) return;
  const job = stored?.job ?? null;
  if (event.eventId === null && job === null) return;
  // Its registration may be in progress on an own account.
  const isRight = isUnregistered ? isDeployed(job) || job?.eventId === eventId : job?.state === 'deployed';
  if (job === null || !isRight) return findings.add('event-without-job', subject, `job: ${job?.state ?? 'none'}`);
  const { token } = job;
  if (token?.tokenAddress !== tokenAddress) {
    findings.add('event-differs', subject, `event: ${tokenAddress}; job: ${token?.tokenAddress ?? 'none'}`);
  } else if (!isUnregistered && token.registryTransactionHash !== registryTransactionHash) {
    const detail = `event: registered by ${registryTransactionHash ?? 'none'}; job: ${token.registryTransactionHash ?? 'none'}`;
    findings.add('event-differs', subject, detail);
  }
}

async function checkQueued({ findings, ledger }: VerificationPass, queued: ReadonlySet<string>): Promise<void> {
  for await (const page of ledger.jobs()) {
    for (const { modelId, job } of page) {
      if (!isDeployed(job) || job.eventId === null || queued.has(job.eventId)) continue;
      findings.add('event-not-queued', `model ${modelId}`, `event ${job.eventId}`);
    }
  }
}
