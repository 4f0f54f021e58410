import {
  type Block,
  type DeploymentJob,
  type JobResult,
  type PreparedBatch,
  TokenBackend,
  type TransactionReceipt,
} from '#core';
import { aDeployedToken } from '../../../support/fixtures/deployed-token.fixture.js';
import type { ModelChain } from './model-chain.js';
import type { ModelNode } from './model-node.js';
import { calldataOf } from './model-transaction.js';

const BATCH = 2;

/** Contracts without an EVM: the calldata names the models, and the model chain says which of them have a token. */
export class ModelBackend extends TokenBackend {
  constructor(
    private readonly chain: ModelChain,
    private readonly node: ModelNode,
  ) {
    super();
  }

  override async checkAtStartup(): Promise<void> {}

  override selection(): (job: DeploymentJob) => boolean {
    let taken = 0;
    return () => (taken += 1) <= BATCH;
  }

  override async prepare(jobs: readonly DeploymentJob[]): Promise<PreparedBatch> {
    const existing = jobs.filter((job) => this.exists(job, this.node.head));
    const open = jobs.filter((job) => !existing.includes(job));
    const transaction = {
      kind: 'deploy' as const,
      to: this.chain.account,
      data: calldataOf(open.map(modelIdOf)),
      value: 0n,
      gasLimit: 200_000n,
      jobs: open,
    };
    return { transactions: open.length > 0 ? [transaction] : [], alreadyDeployed: existing, results: [] };
  }

  override async readResults(
    jobs: readonly DeploymentJob[],
    { succeeded, transactionHash }: TransactionReceipt,
    { number }: Block,
  ): Promise<readonly JobResult[]> {
    return jobs.map((job) => {
      if (!succeeded) return { kind: 'returned', modelId: modelIdOf(job) };
      return { kind: 'deployed', job, token: aDeployedToken({ transactionHash, blockNumber: number }) };
    });
  }

  override async adopt(jobs: readonly DeploymentJob[], finalBlock: number) {
    const findings = jobs
      .filter((job) => this.exists(job, finalBlock))
      .map((job) => ({ kind: 'adopted' as const, job, token: aDeployedToken() }));
    return { findings, open: jobs.filter((job) => !this.exists(job, this.node.head)) };
  }

  private exists(job: DeploymentJob, toBlock: number): boolean {
    return this.chain.transactionsOf(modelIdOf(job), toBlock).length > 0;
  }
}

function modelIdOf(job: DeploymentJob): string {
  return job.request.record.modelId;
}
