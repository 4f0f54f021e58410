import { decodeTokenManagerDeployment } from '#contracts';
import {
  type Adoption,
  type Block,
  type DeploymentJob,
  HoldError,
  type JobResult,
  type PreparedBatch,
  type SubmissionLimits,
  TokenBackend,
  type TransactionKind,
  type TransactionReceipt,
} from '#core';
import type { ChainHead } from '../../head/chain-head.worker.js';
import { isFailure, rpcHold } from '../../rpc/rpc.errors.js';
import type { DeployStep } from './deploy-step.js';
import type { TokenManagerCall, TokenManagerCalls } from './token-manager-calls.js';
import type { TokenManagerStartupChecks } from './token-manager-startup-checks.js';
import { conflictOf } from './token-conflicts.js';
import type { TokenManagerReceiptReader } from './token-manager-receipt-reader.js';
import type { ModelStatusReader, ModelStatus } from './model-status-reader.js';
import type { RegisteredTokenFinder } from './registered-token-finder.js';
import type { RegisterStep } from './register-step.js';
import type { RegistryOwner } from './registry-owner.js';
import { classifySimulations } from './classify-simulations.js';

/** Services that the backend is composed of. */
export interface TokenManagerServices {
  readonly head: ChainHead;
  readonly owner: RegistryOwner;
  readonly checks: TokenManagerStartupChecks;
  readonly statusReader: ModelStatusReader;
  readonly deployStep: DeployStep;
  readonly registerStep: RegisterStep;
  readonly calls: TokenManagerCalls;
  readonly receiptReader: TokenManagerReceiptReader;
  readonly registeredTokenFinder: RegisteredTokenFinder;
}

/**
 * Token backend of Hokusai's TokenManager and ModelRegistry: two transactions a model, the second after the first is final.
 * Reads the next step of a job from the chain each time, so that no step is done twice, even after a loss of the ledger.
 */
export class TokenManagerBackend extends TokenBackend {
  constructor(private readonly services: TokenManagerServices) {
    super();
  }

  /** A deployment of 4.1 million gas and a registration. */
  override get gasPerToken(): bigint {
    return 4_300_000n;
  }

  /** Only the registry's owner can complete what any signer starts. */
  override get requiredSigner(): string | null {
    return this.services.owner.ownSigner;
  }

  override setSigners(signers: readonly string[]): void {
    this.services.owner.setSigners(signers);
  }

  override kindOf(data: string): TransactionKind {
    return decodeTokenManagerDeployment(data) ? 'deploy' : 'register';
  }

  override async checkAtStartup(signers: readonly string[]): Promise<void> {
    await this.services.checks.run(signers);
  }

  /** Each job is a transaction of its own. */
  override selection({ transactions }: SubmissionLimits): (job: DeploymentJob) => boolean {
    let count = 0;
    return () => {
      count += 1;
      return count <= Math.max(1, transactions);
    };
  }

  override async prepare(
    jobs: readonly DeploymentJob[],
    sender: string,
    limits: SubmissionLimits,
  ): Promise<PreparedBatch> {
    const { registerStep, calls } = this.services;
    const { finalBlock } = this;
    const statuses = await this.statuses(jobs, finalBlock);
    const having = (...kinds: readonly ModelStatus['kind'][]): readonly DeploymentJob[] =>
      jobs.filter((job) => kinds.some((kind) => statuses.get(job)?.kind === kind));
    const open = [...statuses].flatMap(([job, status]) =>
      status.kind === 'unregistered' ? [{ job, tokenAddress: status.tokenAddress }] : [],
    );
    const conflicts = [...statuses].flatMap(([job, status]) => conflictOf(job, status) ?? []);
    const registrations = await registerStep.plan(open, sender, finalBlock);
    const deployments = await this.deployments(having('none'), sender);
    const planned = [...registrations.calls, ...deployments.calls];
    const { transactions, failed, holds } = classifySimulations(planned, await calls.simulate(planned, limits));
    const existing = having('not-final', 'registered');
    const findings = [...conflicts, ...registrations.findings, ...failed];
    const { elsewhere } = registrations;
    // A hold of one job does not stop the others. It holds the lane only when no job makes progress.
    const [hold] = [...deployments.holds, ...holds, ...registrations.errors.map(rpcHold)];
    if (hold && [transactions, existing, findings, elsewhere].every(({ length }) => length === 0)) throw hold;
    return { transactions, alreadyDeployed: existing, results: findings, reservedForSigner: elsewhere };
  }

  override async readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]> {
    return await Promise.all(jobs.map((job) => this.services.receiptReader.resultOf(job, receipt, block)));
  }

  override async adopt(jobs: readonly DeploymentJob[], finalBlock: number): Promise<Adoption> {
    const statuses = await this.statuses(jobs, finalBlock);
    const results = await Promise.all(
      jobs.map((job) => this.services.registeredTokenFinder.find(job, statuses.get(job), finalBlock)),
    );
    const open = jobs.filter((job) => ['none', 'unregistered'].includes(statuses.get(job)?.kind ?? ''));
    if (open.length > 0) await this.services.owner.fetch();
    const findings = results.flatMap((each) => (each === null || isFailure(each) ? [] : [each]));
    return { findings, open, errors: results.filter(isFailure) };
  }

  private async statuses(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<ReadonlyMap<DeploymentJob, ModelStatus>> {
    const modelIds = jobs.map((job) => job.request.record.modelId);
    const found = await this.services.statusReader.statuses(modelIds, finalBlock);
    return new Map(jobs.flatMap((job, index) => (found[index] ? [[job, found[index]] as const] : [])));
  }

  private async deployments(
    jobs: readonly DeploymentJob[],
    sender: string,
  ): Promise<{ readonly calls: readonly TokenManagerCall[]; readonly holds: readonly HoldError[] }> {
    try {
      return { calls: await this.services.deployStep.plan(jobs, sender), holds: [] };
    } catch (error) {
      if (error instanceof HoldError) return { calls: [], holds: [error] };
      throw error;
    }
  }

  private get finalBlock(): number {
    return this.services.head.current?.finalBlock ?? -1;
  }
}
