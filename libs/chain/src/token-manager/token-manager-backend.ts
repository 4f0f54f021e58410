import { decodeManagedDeployment } from '#contracts';
import {
  type Block,
  type DeploymentJob,
  Held,
  type JobFinding,
  type Preparation,
  type SubmissionRoom,
  TokenBackend,
  type TransactionKind,
  type TransactionReceipt,
} from '#core';
import type { ChainHead } from '../chain-head.js';
import type { Deploying } from './deploying.js';
import type { ManagedCall, ManagedCalls } from './managed-calls.js';
import type { ManagedChecks } from './managed-checks.js';
import { conflictOf } from './managed-conflicts.js';
import type { ManagedReceipts } from './managed-receipts.js';
import type { ModelStandings, Standing } from './model-standings.js';
import type { RegisteredTokens } from './registered-tokens.js';
import type { Registering } from './registering.js';
import type { RegistryOwner } from './registry-owner.js';
import { sortSimulated } from './simulated-calls.js';

/** What the backend is put together from. */
export interface ManagedParts {
  readonly head: ChainHead;
  readonly owner: RegistryOwner;
  readonly checks: ManagedChecks;
  readonly standings: ModelStandings;
  readonly deploying: Deploying;
  readonly registering: Registering;
  readonly calls: ManagedCalls;
  readonly receipts: ManagedReceipts;
  readonly registered: RegisteredTokens;
}

/**
 * Hokusai's TokenManager and ModelRegistry: two transactions for each model, the second after the first is final. Which one
 * a job needs is read off the chain whenever it is prepared, so that no step is ever done twice, whatever was lost.
 */
export class TokenManagerBackend extends TokenBackend {
  constructor(private readonly parts: ManagedParts) {
    super();
  }

  /** Only the owner of the registry can finish what any signer begins. */
  override get leadSigner(): string | null {
    return this.parts.owner.amongUs;
  }

  override kindOf(data: string): TransactionKind {
    return decodeManagedDeployment(data) ? 'deploy' : 'register';
  }

  override async check(signers: readonly string[]): Promise<void> {
    await this.parts.checks.run(signers);
  }

  /** Each job is a transaction of its own. */
  override selection({ transactions }: SubmissionRoom): (job: DeploymentJob) => boolean {
    let count = 0;
    return () => {
      count += 1;
      return count <= Math.max(1, transactions);
    };
  }

  override async prepare(
    jobs: readonly DeploymentJob[],
    sender: string,
    { gasLimit }: SubmissionRoom,
  ): Promise<Preparation> {
    const { registering, calls } = this.parts;
    const { finalBlock } = this;
    const standings = await this.standings(jobs, finalBlock);
    const having = (...kinds: readonly Standing['kind'][]): readonly DeploymentJob[] =>
      jobs.filter((job) => kinds.some((kind) => standings.get(job)?.kind === kind));
    const open = [...standings].flatMap(([job, standing]) =>
      standing.kind === 'unregistered' ? [{ job, tokenAddress: standing.tokenAddress }] : [],
    );
    const conflicts = [...standings].flatMap(([job, standing]) => conflictOf(job, standing) ?? []);
    const registrations = await registering.plan(open, sender, finalBlock);
    const deployments = await this.deployments(having('absent'), sender);
    const planned = [...registrations.calls, ...deployments.calls];
    const { transactions, failed, held } = sortSimulated(planned, await calls.simulate(planned, gasLimit));
    const existing = having('settling', 'registered');
    const findings = [...conflicts, ...registrations.findings, ...failed];
    const { elsewhere } = registrations;
    // What keeps one job back keeps no other that is further; where there is none, it is for the lane to say.
    const [obstacle] = [...deployments.held, ...held];
    if (obstacle && [transactions, existing, findings, elsewhere].every(({ length }) => length === 0)) throw obstacle;
    return { transactions, existing, findings, elsewhere };
  }

  override async conclude(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobFinding[]> {
    return await Promise.all(jobs.map((job) => this.parts.receipts.finding(job, receipt, block)));
  }

  override async adopt(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<{ readonly findings: readonly JobFinding[]; readonly open: readonly DeploymentJob[] }> {
    const standings = await this.standings(jobs, finalBlock);
    const findings = await Promise.all(
      jobs.map((job) => this.parts.registered.findingOrNull(job, standings.get(job), finalBlock)),
    );
    const open = jobs.filter((job) => ['absent', 'unregistered'].includes(standings.get(job)?.kind ?? ''));
    if (open.length > 0) await this.parts.owner.ask();
    return { findings: findings.filter((finding) => finding !== null), open };
  }

  private async standings(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<ReadonlyMap<DeploymentJob, Standing>> {
    const modelIds = jobs.map((job) => job.request.record.modelId);
    const found = await this.parts.standings.of(modelIds, finalBlock);
    return new Map(jobs.flatMap((job, index) => (found[index] ? [[job, found[index]] as const] : [])));
  }

  private async deployments(
    absent: readonly DeploymentJob[],
    sender: string,
  ): Promise<{ readonly calls: readonly ManagedCall[]; readonly held: readonly Held[] }> {
    try {
      return { calls: await this.parts.deploying.plan(absent, sender), held: [] };
    } catch (error) {
      if (error instanceof Held) return { calls: [], held: [error] };
      throw error;
    }
  }

  private get finalBlock(): number {
    return this.parts.head.current?.finalBlock ?? -1;
  }
}
