import { type ChainToken, type DeploymentJob, recordFingerprint } from '#core';

/** A job whose token exists as far as the ledger knows, registered or not. */
export interface DeployedJob extends DeploymentJob {
  readonly state: 'deployed' | 'deployed_unregistered';
}

export function isDeployed(job: DeploymentJob | null): job is DeployedJob {
  return job?.state === 'deployed' || job?.state === 'deployed_unregistered';
}

/** The event that a standing job has published last. */
export function eventTypeOf({ state }: DeployedJob): 'token_deployed' | 'token_deployed_unregistered' {
  return state === 'deployed' ? 'token_deployed' : 'token_deployed_unregistered';
}

/** Whether what the contracts keep of the token's record is what the job asks for. */
export function hasRecordOf(token: ChainToken, { request: { record } }: DeploymentJob): boolean {
  return recordFingerprint({ ...record, ...token.record }) === recordFingerprint(record);
}
