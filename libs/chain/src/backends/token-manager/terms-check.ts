import type { TokenManagerConfig } from '#config';
import { decodeTokenManagerDeployment, findTokenManagerDeployment } from '#contracts';
import { type DeploymentJob, type DeploymentJobs, HoldError, type JobState } from '#core';
import type { CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { lacksState } from '../../rpc/transport/rpc-error-classifier.js';
import { describeFailure, isRpcFailure, RpcError } from '../../rpc/rpc.errors.js';
import type { TermsRequest } from './deployment-terms.js';
import type { KeptTermsReader } from './kept-terms-reader.js';
import { termDifferences } from './term-differences.js';
import { isSentTo } from './token-creation-finder.js';

/** Time in which the first deployment is signed, or another may be the first. */
const SIGNING_MS = 30_000;
const PAGE_SIZE = 500;
/** Completed jobs that are looked at, newest first. */
const RECENT_JOBS = 20;

/** What a job says about the terms that its token keeps. */
type Evidence = 'confirmed' | 'differs' | 'open' | 'none';

/** Result of the simulation at startup. */
export type SimulatedTerms = 'confirmed' | 'differ' | 'not simulated';

/**
 * Compares the terms that tokens keep with the configured ones, because terms are permanent and the contracts may replace a
 * value silently. Until a token of this queue with today's terms is confirmed, one deployment is signed; a difference stops
 * deployments. Two replicas with different accounts may each sign one in the same second.
 */
export class TermsCheck {
  private confirmed = false;
  private simulated: SimulatedTerms = 'not simulated';
  /** What differs. Null while no difference is known. */
  private difference: string | null = null;
  /** The one deployment whose token decides. Monotonic milliseconds of the end of its signing. */
  private first: { readonly modelId: string; readonly signingEnds: number } | null = null;

  constructor(
    private readonly reader: ChainReader,
    private readonly jobs: DeploymentJobs,
    private readonly keptTerms: KeptTermsReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * Simulates a deployment and reads its terms back. Where the node does not support `eth_simulateV1`, the first token decides.
   */
  async simulate(deployment: CallRequest, request: TermsRequest): Promise<SimulatedTerms> {
    try {
      const difference = await this.keptTerms.differenceAfter(deployment, request);
      this.simulated = difference === null ? 'confirmed' : 'differ';
      this.difference = difference === null ? null : `a simulated token does not keep the terms: ${difference}`;
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
      this.simulated = 'not simulated';
    }
    return this.simulated;
  }

  /**
   * Returns the jobs that may be deployed now. The others wait for the first token.
   *
   * @throws HoldError `terms_differ` when a token keeps other terms; `rpc_unavailable`
   */
  async admit(jobs: readonly DeploymentJob[]): Promise<readonly DeploymentJob[]> {
    if (this.confirmed || jobs.length === 0) return jobs;
    if (this.difference === null) await this.inspect();
    if (this.difference !== null) throw new HoldError('terms_differ', this.difference);
    if (this.confirmed) return jobs;
    const { first } = this;
    if (first !== null) return jobs.filter((job) => modelIdOf(job) === first.modelId);
    const chosen = jobs.slice(0, 1);
    this.first =
      chosen.map((job) => ({ modelId: modelIdOf(job), signingEnds: performance.now() + SIGNING_MS }))[0] ?? null;
    return chosen;
  }

  private async inspect(): Promise<void> {
    try {
      if (this.first === null) await this.inspectLedger();
      else await this.inspectFirst(this.first);
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
      const detail = `the terms of the first token cannot be read: ${describeFailure(error)}`;
      throw new HoldError('rpc_unavailable', detail, { cause: error });
    }
  }

  private async inspectFirst({ modelId, signingEnds }: { modelId: string; signingEnds: number }): Promise<void> {
    const job = await this.jobs.find(modelId);
    if (job === null) this.first = null;
    else if (isSigned(job)) this.record(job, await this.evidenceOf(job));
    else if (performance.now() >= signingEnds || job.state !== 'admitted') this.first = null;
  }

  /** Looks for a token or an open deployment of an earlier process. */
  private async inspectLedger(): Promise<void> {
    for await (const job of this.signedJobs()) {
      this.record(job, await this.evidenceOf(job));
      if (this.confirmed || this.difference !== null) return;
    }
  }

  private record(job: DeploymentJob, evidence: Evidence): void {
    const modelId = modelIdOf(job);
    if (evidence === 'confirmed') this.confirmed = true;
    else if (evidence === 'open') this.first = { modelId, signingEnds: Infinity };
    else if (this.first?.modelId === modelId) this.first = null;
  }

  private async *signedJobs(): AsyncIterable<DeploymentJob> {
    for (const state of ['submitted', 'admitted'] as const) yield* this.jobsIn(state, Infinity);
    for (const state of ['deployed_unregistered', 'deployed', 'failed'] as const)
      yield* this.jobsIn(state, RECENT_JOBS);
  }

  private async *jobsIn(state: JobState, limit: number): AsyncIterable<DeploymentJob> {
    let cursor: string | null = null;
    do {
      const more: { cursor?: string } = cursor === null ? {} : { cursor };
      const page = await this.jobs.list({ limit: Math.min(limit, PAGE_SIZE), state, ...more });
      yield* page.items.filter(isSigned);
      cursor = limit > PAGE_SIZE ? page.nextCursor : null;
    } while (cursor !== null);
  }

  /** Sets `difference` when the job's token keeps other terms. */
  private async evidenceOf(job: DeploymentJob): Promise<Evidence> {
    const { managerAddress } = this.config;
    const modelId = modelIdOf(job);
    const hashes = new Set([
      ...(job.token ? [job.token.transactionHash] : []),
      ...job.attempts.map(({ hash }) => hash),
    ]);
    const receipts = await this.reader.receipts([...hashes]);
    for (const receipt of receipts) {
      const made = receipt?.succeeded ? findTokenManagerDeployment(managerAddress, modelId, receipt.logs) : null;
      if (!receipt || !made) continue;
      const [transaction] = await this.reader.minedTransactions([receipt.transactionHash]);
      const call = transaction && isSentTo(transaction.to, managerAddress) ? transaction.data : '0x';
      const sent = decodeTokenManagerDeployment(call);
      // A token of former terms says nothing about today's.
      if (sent === null || termDifferences(sent, job.request, this.config, false).length > 0) return 'none';
      return await this.compare(job, made.tokenAddress, receipt.blockNumber);
    }
    return job.state === 'submitted' ? 'open' : 'none';
  }

  private async compare(job: DeploymentJob, tokenAddress: string, blockNumber: number): Promise<Evidence> {
    const { difference, isCurrent } = await this.differenceAt(job, tokenAddress, blockNumber);
    if (difference === null) return 'confirmed';
    // The governor may have changed the parameters of an older token.
    if (isCurrent && this.simulated === 'confirmed') return 'none';
    this.difference = `the token ${tokenAddress} of model ${modelIdOf(job)} does not keep the terms: ${difference}`;
    return 'differs';
  }

  /** Reads the terms at the block of the deployment, or the current ones where the node has pruned its state. */
  private async differenceAt(
    { request }: DeploymentJob,
    tokenAddress: string,
    blockNumber: number,
  ): Promise<{ readonly difference: string | null; readonly isCurrent: boolean }> {
    try {
      return { difference: await this.keptTerms.differenceOf(tokenAddress, request, blockNumber), isCurrent: false };
    } catch (error) {
      if (!(error instanceof RpcError) || !lacksState(error)) throw error;
      return { difference: await this.keptTerms.differenceOf(tokenAddress, request, 'latest'), isCurrent: true };
    }
  }
}

function isSigned({ attempts, token }: DeploymentJob): boolean {
  return attempts.length > 0 || token !== null;
}

function modelIdOf({ request }: DeploymentJob): string {
  return request.record.modelId;
}
