import type { ContractRevert } from '#contracts';
import { type DeploymentJob, HoldError, type JobResult, type PreparedTransaction } from '#core';
import { registeredUnderOtherModel } from './token-conflicts.js';
import type { TokenManagerCall, SimulationOutcome } from './token-manager-calls.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** Simulation results of a batch. */
export interface ClassifiedCalls {
  readonly transactions: readonly PreparedTransaction[];
  readonly failed: readonly FailedFinding[];
  /** Why the remaining jobs wait. */
  readonly holds: readonly HoldError[];
}

/** Classifies simulation results. A revert that only shows newer chain state leaves its job for the next iteration. */
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
  if (kind === 'registered-under-other-model') return [registeredUnderOtherModel(job, text)];
  if (kind !== 'other') return [];
  const { modelId } = job.request.record;
  return [{ kind: 'failed', modelId, reason: 'deployment_reverted', error: `reverts: ${text}` }];
}
