import type { Refusal } from '#contracts';
import type { DeploymentJob, JobFinding, PreparedTransaction } from '#core';
import { listedElsewhere } from './managed-conflicts.js';
import type { ManagedCall } from './managed-calls.js';

type FailedFinding = Extract<JobFinding, { kind: 'failed' }>;

/** Sorts what the simulation said. A refusal that only shows that the chain has moved on leaves the job for a later round. */
export function sortSimulated(
  calls: readonly ManagedCall[],
  outcomes: readonly (PreparedTransaction | Refusal)[],
): { readonly transactions: readonly PreparedTransaction[]; readonly failed: readonly FailedFinding[] } {
  const transactions: PreparedTransaction[] = [];
  const failed: FailedFinding[] = [];
  for (const [index, { job }] of calls.entries()) {
    const outcome = outcomes[index];
    if (!outcome) continue;
    if ('gasLimit' in outcome) transactions.push(outcome);
    else failed.push(...failureOf(job, outcome));
  }
  return { transactions, failed };
}

function failureOf(job: DeploymentJob, { kind, text }: Refusal): readonly FailedFinding[] {
  if (kind === 'listed-elsewhere') return [listedElsewhere(job, text)];
  if (kind !== 'other') return [];
  const { modelId } = job.request.record;
  return [{ kind: 'failed', modelId, reason: 'deployment_reverted', error: `reverts: ${text}` }];
}
