import { type ChainToken, type DeploymentJob, recordFingerprint } from '#core';

/** A job in state `deployed` or `deployed_unregistered`. */
export interface DeployedJob extends DeploymentJob {
  readonly state: 'deployed' | 'deployed_unregistered';
}

export function isDeployed(job: DeploymentJob | null): job is DeployedJob {
  return job?.state === 'deployed' || job?.state === 'deployed_unregistered';
}

/** The latest published event of a deployed job. */
export function eventTypeOf({ state }: DeployedJob): 'token_deployed' | 'token_deployed_unregistered' {
  return state === 'deployed' ? 'token_deployed' : 'token_deployed_unregistered';
}

/** True when the record fields on chain equal the job's. */
export function hasRecordOf(token: ChainToken, { request: { record } }: DeploymentJob): boolean {
  return recordFingerprint({ ...record, ...token.record }) === recordFingerprint(record);
}
