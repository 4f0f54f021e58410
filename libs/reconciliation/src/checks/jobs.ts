import type { ChainToken, StoredJob } from '#core';
import { eventIdOf } from '#messages';
import type { VerificationPass } from '../verification-scope.js';
import { eventTypeOf, hasRecordOf, isDeployed, type DeployedJob } from '../deployed-job.js';

/** Checks token, record, registration and event of every deployed job. */
export async function checkJobs(look: VerificationPass): Promise<void> {
  for await (const page of look.ledger.jobs()) {
    look.findings.count('jobs', page.length);
    for (const stored of page) checkIndexes(look, stored);
    const standing = page.flatMap(({ modelId, job }) =>
      isDeployed(job) && !isOfFormerContract(job) ? [{ modelId, job }] : [],
    );
    const tokens = await look.chain.tokens(standing.map(({ modelId }) => modelId));
    for (const [index, { modelId, job }] of standing.entries()) {
      const token = tokens[index] ?? null;
      checkDeployed(look, modelId, job, token);
      if (token !== null) checkRegistration(look, modelId, job, token);
    }
  }
}

/** The chain reader reads the current contracts only. */
function isOfFormerContract({ token }: DeployedJob): boolean {
  return token?.contract !== undefined;
}

function checkIndexes(
  { findings, quiescent }: VerificationPass,
  { modelId, job, unreadable, listed, indexedAs }: StoredJob,
): void {
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

function checkDeployed(
  { findings, ...look }: VerificationPass,
  modelId: string,
  job: DeployedJob,
  found: ChainToken | null,
): void {
  const subject = `model ${modelId}`;
  const kept = job.token?.tokenAddress ?? 'no address';
  if (found === null) findings.add('job-without-token', subject, `job: ${kept}`);
  else if (!hasRecordOf(found, job)) findings.add('record-differs', subject, `token ${found.address}`);
  else if (found.address !== kept) findings.add('token-differs', subject, `job: ${kept}; chain: ${found.address}`);
  const expected = eventIdOf(look, modelId, eventTypeOf(job));
  if (job.eventId === null) findings.add('event-missing', subject, `token ${kept}`);
  else if (job.eventId !== expected)
    findings.add('event-id-differs', subject, `job: ${job.eventId}; expected: ${expected}`);
}

function checkRegistration({ findings }: VerificationPass, modelId: string, job: DeployedJob, found: ChainToken): void {
  const { address, registered } = found;
  const subject = `model ${modelId}`;
  if (registered === null) {
    if (job.state === 'deployed') findings.add('job-unregistered', subject, `token ${address}`);
  } else if (registered !== address) {
    findings.add('registered-otherwise', subject, `registry: ${registered}; token: ${address}`);
  }
}
