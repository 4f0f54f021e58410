import { Logger } from '@nestjs/common';
import type { DeployedToken, DeploymentJob, JobResult, PreparedBatch } from '#core';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import type { TokenOwnershipCheck } from './token-ownership-check.js';
import type { TokenManagerCall, TokenManagerCalls } from './token-manager-calls.js';
import type { RegistryOwner } from './registry-owner.js';

/** A job whose token is final and not registered. */
export interface PendingRegistration {
  readonly job: DeploymentJob;
  readonly tokenAddress: string;
}

/** What becomes of registrations. A job in no list waits for a later round. */
export interface RegistrationPlan {
  /** The sender's to make. */
  readonly calls: readonly TokenManagerCall[];
  /** Another signer's of ours. */
  readonly elsewhere: NonNullable<PreparedBatch['reservedForSigner']>;
  /** Not ours to make, or no token of ours. */
  readonly findings: PreparedBatch['results'];
}

/** The second step: the registry lists a token. Only its owner may send it. */
export class RegisterStep {
  private readonly logger = new Logger(RegisterStep.name);

  constructor(
    private readonly ownershipCheck: TokenOwnershipCheck,
    private readonly owner: RegistryOwner,
    private readonly calls: TokenManagerCalls,
  ) {}

  async plan(open: readonly PendingRegistration[], sender: string, finalBlock: number): Promise<RegistrationPlan> {
    if (open.length === 0) return { calls: [], elsewhere: [], findings: [] };
    const [owner, seen] = await Promise.all([
      this.owner.fetch(),
      Promise.all(open.map((each) => this.verifiedToken(each, finalBlock))),
    ]);
    const conflicts = seen.filter((each) => each !== null && 'kind' in each);
    const tokens = seen.filter((each) => each !== null && 'token' in each);
    if (owner === sender) {
      return {
        calls: tokens.map(({ job, token }) => this.calls.registerCall(job, sender, token)),
        elsewhere: [],
        findings: conflicts,
      };
    }
    if (this.owner.isOwnSigner(owner)) {
      return { calls: [], elsewhere: tokens.map(({ job }) => ({ job, signer: owner })), findings: conflicts };
    }
    const left = tokens.map(({ job, token }) => this.awaitingOwner(job, token));
    return { calls: [], elsewhere: [], findings: [...conflicts, ...left] };
  }

  /** Null when no node shows now what is needed: the other jobs must not wait for that. */
  private async verifiedToken(
    { job, tokenAddress }: PendingRegistration,
    finalBlock: number,
  ): Promise<
    { readonly job: DeploymentJob; readonly token: DeployedToken } | Extract<JobResult, { kind: 'failed' }> | null
  > {
    try {
      const found = await this.ownershipCheck.verify(job, tokenAddress, finalBlock);
      return 'kind' in found ? found : { job, token: found };
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof RpcUnavailableError)) throw error;
      const { modelId } = job.request.record;
      this.logger.warn({
        event: 'token.verification_postponed',
        message: 'token not verified yet',
        model_id: modelId,
        error: error.message,
      });
      return null;
    }
  }

  private awaitingOwner(job: DeploymentJob, token: DeployedToken): Extract<JobResult, { kind: 'unregistered' }> {
    const { to, data: calldata } = this.calls.registrationData(job, token);
    return { kind: 'unregistered', job, token: { ...token, registration: { to, calldata } } };
  }
}
