import { type ChainToken, recordFingerprint, type StoredJob } from '#core';
import { eventIdOf } from '#messages';
import type { Look } from '../audit-scope.js';

/** From the ledger to the chain: every deployed job has its token, with its record, and its event. */
export async function checkJobs(look: Look): Promise<void> {
  for await (const page of look.ledger.jobs()) {
    look.findings.count('jobs', page.length);
    for (const stored of page) checkIndexes(look, stored);
    const deployed = page.filter(({ job }) => job?.state === 'deployed');
    const tokens = await look.chain.tokens(deployed.map(({ modelId }) => modelId));
    for (const [index, stored] of deployed.entries()) checkDeployed(look, stored, tokens[index] ?? null);
  }
}

function checkIndexes({ findings, quiescent }: Look, { modelId, job, unreadable, listed, indexedAs }: StoredJob): void {
  const subject = `model ${modelId}`;
  if (job === null) {
    findings.add('job-unreadable', subject, unreadable ? 'its fields are not what the service writes' : 'no such job');
    return;
  }
  if (!listed || indexedAs.length !== 1 || indexedAs[0] !== job.state) {
    const named = indexedAs.join(', ') || 'no state';
    findings.add('job-misindexed', subject, `job ${job.state}, indexed as ${named}${listed ? '' : ', not listed'}`);
  }
  if (quiescent && (job.state === 'admitted' || job.state === 'submitted'))
    findings.add('job-open', subject, job.state);
}

function checkDeployed({ findings, ...look }: Look, { modelId, job }: StoredJob, token: ChainToken | null): void {
  const subject = `model ${modelId}`;
  if (token === null) findings.add('job-without-token', subject, `job: ${job?.token?.tokenAddress ?? 'no address'}`);
  else if (job && recordFingerprint(token.record) !== recordFingerprint(job.request.record)) {
    findings.add('record-differs', subject, `token ${token.address}`);
  }
  if (job?.eventId === null) findings.add('event-missing', subject, `token ${job.token?.tokenAddress ?? 'unknown'}`);
  else if (job && job.eventId !== eventIdOf(look, modelId)) {
    findings.add('event-id-differs', subject, `job: ${job.eventId}; expected: ${eventIdOf(look, modelId)}`);
  }
}
