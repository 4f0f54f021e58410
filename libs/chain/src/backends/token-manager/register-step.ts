import { Logger } from '@nestjs/common';
import type { DeployedToken, DeploymentJob, JobResult, PreparedBatch } from '#core';
import {
  type BatchResult,
  describeFailure,
  isFailure,
  isRpcFailure,
  type RpcError,
  type RpcUnavailableError,
} from '../../rpc/rpc.errors.js';
import type { TokenOwnershipCheck } from './token-ownership-check.js';
import type { TokenManagerCall, TokenManagerCalls } from './token-manager-calls.js';
import type { RegistryOwner } from './registry-owner.js';

/** A job whose token is final but not registered. */
export interface PendingRegistration {
  readonly job: DeploymentJob;
  readonly tokenAddress: string;
}

/** How pending registrations proceed. A job in no list waits for the next iteration. */
export interface RegistrationPlan {
  /** Calls that the sender may make. */
  readonly calls: readonly TokenManagerCall[];
  /** Jobs reserved for another configured signer. */
  readonly elsewhere: NonNullable<PreparedBatch['reservedForSigner']>;
  /** Jobs that wait for the registry's owner, or whose token is not ours. */
  readonly findings: PreparedBatch['results'];
  /** Why tokens cannot be verified. */
  readonly errors: readonly (RpcError | RpcUnavailableError)[];
}

/** Second step: registers the token. Only the registry's owner may send it. */
export class RegisterStep {
  private readonly logger = new Logger(RegisterStep.name);

  constructor(
    private readonly ownershipCheck: TokenOwnershipCheck,
    private readonly owner: RegistryOwner,
    private readonly calls: TokenManagerCalls,
  ) {}

  async plan(open: readonly PendingRegistration[], sender: string, finalBlock: number): Promise<RegistrationPlan> {
    if (open.length === 0) return { calls: [], elsewhere: [], findings: [], errors: [] };
    const [owner, seen] = await Promise.all([
      this.owner.fetch(),
      Promise.all(open.map((each) => this.verifiedToken(each, finalBlock))),
    ]);
    const errors = seen.filter(isFailure);
    const verified = seen.flatMap((each) => (isFailure(each) ? [] : [each]));
    const conflicts = verified.filter((each) => 'kind' in each);
    const tokens = verified.filter((each) => 'token' in each);
    if (owner === sender) {
      return {
        calls: tokens.map(({ job, token }) => this.calls.registerCall(job, sender, token)),
        elsewhere: [],
        findings: conflicts,
        errors,
      };
    }
    if (this.owner.isOwnSigner(owner)) {
      return { calls: [], elsewhere: tokens.map(({ job }) => ({ job, signer: owner })), findings: conflicts, errors };
    }
    const awaitingOwner = tokens.map(({ job, token }) => {
      const { to, data: calldata } = this.calls.registrationData(job, token);
      return { kind: 'unregistered' as const, job, token: { ...token, registration: { to, calldata } } };
    });
    return { calls: [], elsewhere: [], findings: [...conflicts, ...awaitingOwner], errors };
  }

  /** Returns the error when the node cannot serve the data. Other jobs must not wait for that. */
  private async verifiedToken(
    { job, tokenAddress }: PendingRegistration,
    finalBlock: number,
  ): Promise<
    BatchResult<{ readonly job: DeploymentJob; readonly token: DeployedToken } | Extract<JobResult, { kind: 'failed' }>>
  > {
    try {
      const found = await this.ownershipCheck.verify(job, tokenAddress, finalBlock);
      return 'kind' in found ? found : { job, token: found };
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
      const { modelId } = job.request.record;
      const message = 'token not verified yet';
      this.logger.warn({
        event: 'token.verification_postponed',
        message,
        model_id: modelId,
        error: describeFailure(error),
      });
      return error;
    }
  }
}
