import type { ContractRevert } from '#contracts';
import { type DeploymentJob, HoldError, type JobResult, type PreparedTransaction } from '#core';
import { registeredUnderOtherModel } from './token-conflicts.js';
import type { TokenManagerCall, SimulationOutcome } from './token-manager-calls.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** What the simulation of a batch brought. */
export interface ClassifiedCalls {
  readonly transactions: readonly PreparedTransaction[];
  readonly failed: readonly FailedFinding[];
  /** Why the others have to wait. */
  readonly holds: readonly HoldError[];
}

/** Sorts what the simulation said. A refusal that only shows that the chain has moved on leaves the job for a later round. */
export function classifySimulations(
  calls: readonly TokenManagerCall[],
  outcomes: readonly SimulationOutcome[],
): ClassifiedCalls {
  const transactions: PreparedTransaction[] = [];
  const failed: FailedFinding[] = [];
  const held: HoldError[] = [];
  for (const [index, { job }] of calls.entries()) {
    const outcome = outcomes[index];
    if (!outcome) continue;
    if (outcome instanceof HoldError) held.push(outcome);
    else if ('gasLimit' in outcome) transactions.push(outcome);
    else failed.push(...toFailures(job, outcome));
  }
  return { transactions, failed, holds: held };
}

function toFailures(job: DeploymentJob, { kind, text }: ContractRevert): readonly FailedFinding[] {
  if (kind === 'listed-elsewhere') return [registeredUnderOtherModel(job, text)];
  if (kind !== 'other') return [];
  const { modelId } = job.request.record;
  return [{ kind: 'failed', modelId, reason: 'deployment_reverted', error: `reverts: ${text}` }];
}
