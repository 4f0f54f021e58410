import type { Refusal } from '#contracts';
import { type DeploymentJob, Held, type JobFinding, type PreparedTransaction } from '#core';
import { listedElsewhere } from './managed-conflicts.js';
import type { ManagedCall, SimulatedCall } from './managed-calls.js';

type FailedFinding = Extract<JobFinding, { kind: 'failed' }>;

/** What the simulation of a batch brought. */
export interface SortedCalls {
  readonly transactions: readonly PreparedTransaction[];
  readonly failed: readonly FailedFinding[];
  /** Why the others have to wait. */
  readonly held: readonly Held[];
}

/** Sorts what the simulation said. A refusal that only shows that the chain has moved on leaves the job for a later round. */
export function sortSimulated(calls: readonly ManagedCall[], outcomes: readonly SimulatedCall[]): SortedCalls {
  const transactions: PreparedTransaction[] = [];
  const failed: FailedFinding[] = [];
  const held: Held[] = [];
  for (const [index, { job }] of calls.entries()) {
    const outcome = outcomes[index];
    if (!outcome) continue;
    if (outcome instanceof Held) held.push(outcome);
    else if ('gasLimit' in outcome) transactions.push(outcome);
    else failed.push(...failureOf(job, outcome));
  }
  return { transactions, failed, held };
}

function failureOf(job: DeploymentJob, { kind, text }: Refusal): readonly FailedFinding[] {
  if (kind === 'listed-elsewhere') return [listedElsewhere(job, text)];
  if (kind !== 'other') return [];
  const { modelId } = job.request.record;
  return [{ kind: 'failed', modelId, reason: 'deployment_reverted', error: `reverts: ${text}` }];
}
