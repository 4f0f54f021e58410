import { decodeTokenManagerDeployment } from '#contracts';
import {
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

/** What the backend is put together from. */
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
 * Hokusai's TokenManager and ModelRegistry: two transactions for each model, the second after the first is final. Which one
 * a job needs is read off the chain whenever it is prepared, so that no step is ever done twice, whatever was lost.
 */
export class TokenManagerBackend extends TokenBackend {
  constructor(private readonly services: TokenManagerServices) {
    super();
  }

  /** Only the owner of the registry can finish what any signer begins. */
  override get requiredSigner(): string | null {
    return this.services.owner.ownSigner;
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
    const standings = await this.statuses(jobs, finalBlock);
    const having = (...kinds: readonly ModelStatus['kind'][]): readonly DeploymentJob[] =>
      jobs.filter((job) => kinds.some((kind) => standings.get(job)?.kind === kind));
    const open = [...standings].flatMap(([job, standing]) =>
      standing.kind === 'unregistered' ? [{ job, tokenAddress: standing.tokenAddress }] : [],
    );
    const conflicts = [...standings].flatMap(([job, standing]) => conflictOf(job, standing) ?? []);
    const registrations = await registerStep.plan(open, sender, finalBlock);
    const deployments = await this.deployments(having('absent'), sender);
    const planned = [...registrations.calls, ...deployments.calls];
    const { transactions, failed, holds } = classifySimulations(planned, await calls.simulate(planned, limits));
    const existing = having('settling', 'registered');
    const findings = [...conflicts, ...registrations.findings, ...failed];
    const { elsewhere } = registrations;
    // What keeps one job back keeps no other that is further; where there is none, it is for the lane to say.
    const [obstacle] = [...deployments.held, ...holds];
    if (obstacle && [transactions, existing, findings, elsewhere].every(({ length }) => length === 0)) throw obstacle;
    return { transactions, alreadyDeployed: existing, results: findings, reservedForSigner: elsewhere };
  }

  override async readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]> {
    return await Promise.all(jobs.map((job) => this.services.receiptReader.resultOf(job, receipt, block)));
  }

  override async adopt(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<{ readonly findings: readonly JobResult[]; readonly open: readonly DeploymentJob[] }> {
    const standings = await this.statuses(jobs, finalBlock);
    const findings = await Promise.all(
      jobs.map((job) => this.services.registeredTokenFinder.resultOrNull(job, standings.get(job), finalBlock)),
    );
    const open = jobs.filter((job) => ['absent', 'unregistered'].includes(standings.get(job)?.kind ?? ''));
    if (open.length > 0) await this.services.owner.fetch();
    return { findings: findings.filter((finding) => finding !== null), open };
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
    absent: readonly DeploymentJob[],
    sender: string,
  ): Promise<{ readonly calls: readonly TokenManagerCall[]; readonly held: readonly HoldError[] }> {
    try {
      return { calls: await this.services.deployStep.plan(absent, sender), held: [] };
    } catch (error) {
      if (error instanceof HoldError) return { calls: [], held: [error] };
      throw error;
    }
  }

  private get finalBlock(): number {
    return this.services.head.current?.finalBlock ?? -1;
  }
}
