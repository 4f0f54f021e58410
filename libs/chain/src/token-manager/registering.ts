import { Logger } from '@nestjs/common';
import type { DeployedToken, DeploymentJob, JobFinding, Preparation } from '#core';
import { RpcError, RpcUnavailable } from '../rpc/rpc-errors.js';
import type { KnownTokens } from './known-tokens.js';
import type { ManagedCall, ManagedCalls } from './managed-calls.js';
import type { RegistryOwner } from './registry-owner.js';

/** A job whose token is final and not registered. */
export interface OpenRegistration {
  readonly job: DeploymentJob;
  readonly tokenAddress: string;
}

/** What becomes of registrations. A job in no list waits for a later round. */
export interface RegistrationPlan {
  /** The sender's to make. */
  readonly calls: readonly ManagedCall[];
  /** Another signer's of ours. */
  readonly elsewhere: NonNullable<Preparation['elsewhere']>;
  /** Not ours to make, or no token of ours. */
  readonly findings: Preparation['findings'];
}

/** The second step: the registry lists a token. Only its owner may send it. */
export class Registering {
  private readonly logger = new Logger(Registering.name);

  constructor(
    private readonly known: KnownTokens,
    private readonly owner: RegistryOwner,
    private readonly calls: ManagedCalls,
  ) {}

  async plan(open: readonly OpenRegistration[], sender: string, finalBlock: number): Promise<RegistrationPlan> {
    if (open.length === 0) return { calls: [], elsewhere: [], findings: [] };
    const [owner, seen] = await Promise.all([
      this.owner.ask(),
      Promise.all(open.map((each) => this.recognised(each, finalBlock))),
    ]);
    const conflicts = seen.filter((each) => each !== null && 'kind' in each);
    const tokens = seen.filter((each) => each !== null && 'token' in each);
    if (owner === sender) {
      return {
        calls: tokens.map(({ job, token }) => this.calls.register(job, sender, token)),
        elsewhere: [],
        findings: conflicts,
      };
    }
    if (this.owner.isOurs(owner)) {
      return { calls: [], elsewhere: tokens.map(({ job }) => ({ job, signer: owner })), findings: conflicts };
    }
    const left = tokens.map(({ job, token }) => this.leftToOwner(job, token));
    return { calls: [], elsewhere: [], findings: [...conflicts, ...left] };
  }

  /** Null when no node shows now what is needed: the other jobs must not wait for that. */
  private async recognised(
    { job, tokenAddress }: OpenRegistration,
    finalBlock: number,
  ): Promise<
    { readonly job: DeploymentJob; readonly token: DeployedToken } | Extract<JobFinding, { kind: 'failed' }> | null
  > {
    try {
      const found = await this.known.recognise(job, tokenAddress, finalBlock);
      return 'kind' in found ? found : { job, token: found };
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof RpcUnavailable)) throw error;
      const { modelId } = job.request.record;
      this.logger.warn({ message: 'a token cannot be recognised yet', model_id: modelId, error: error.message });
      return null;
    }
  }

  private leftToOwner(job: DeploymentJob, token: DeployedToken): Extract<JobFinding, { kind: 'unregistered' }> {
    const { to, data: calldata } = this.calls.registration(job, token);
    return { kind: 'unregistered', job, token: { ...token, registration: { to, calldata } } };
  }
}
