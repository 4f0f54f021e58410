import {
  type Block,
  StartupError,
  type DeploymentJob,
  HoldError,
  type JobResult,
  type PreparedBatch,
  type SubmissionLimits,
  TokenBackend,
  type TransactionReceipt,
} from '#core';
import { BackendConfig, FactoryConfig } from '#config';
import {
  decodeHasRole,
  DEPLOYER_ROLE,
  encodeHasRole,
  expectedFactoryCode,
  expectedImplementationCode,
  implementationAddress,
} from '#contracts';
import { ChainReader } from '../../rpc/chain-reader.js';
import { readBatchReceipt } from './batch-receipt.js';
import { BatchSimulator } from './batch-simulator.js';
import { ExistingTokenFinder } from './existing-token-finder.js';
import { toTokenDeployment } from './deployment-of.js';

/** Estimates are exact for the state they see; a neighbour's transaction may warm or cool an address. */
const GAS_MARGIN_PERCENT = 10n;
/** CREATE2, log, checks and dispatch of one token, measured below 50,000 gas apart from its code. */
const GAS_PER_TOKEN = 60_000n;
/** 200 gas a byte of deployed code, up to 24 a byte of calldata and log. */
const GAS_PER_BYTE = 240n;

/** This project's own contracts: one factory that is also the registry, one transaction for a whole batch. */
export class FactoryBackend extends TokenBackend {
  constructor(
    private readonly reader: ChainReader,
    private readonly simulator: BatchSimulator,
    private readonly existingTokenFinder: ExistingTokenFinder,
    private readonly config: FactoryConfig,
    private readonly batches: BackendConfig,
  ) {
    super();
  }

  override async checkAtStartup(signers: readonly string[]): Promise<void> {
    const { factoryAddress } = this.config;
    await this.requireCode(factoryAddress, expectedFactoryCode(factoryAddress));
    await this.requireCode(implementationAddress(factoryAddress), expectedImplementationCode(factoryAddress));
    for (const signer of signers) {
      if (!(await this.mayDeploy(signer)))
        throw new StartupError(`the signer ${signer} lacks DEPLOYER_ROLE on the factory ${factoryAddress}`);
    }
  }

  private async mayDeploy(account: string): Promise<boolean> {
    const data = encodeHasRole(DEPLOYER_ROLE, account);
    return await this.reader.view({ to: this.config.factoryAddress, data }, decodeHasRole);
  }

  private async requireCode(address: string, expected: string): Promise<void> {
    const code = await this.reader.code(address);
    if (code.toLowerCase() === expected.toLowerCase()) return;
    const found = code === '0x' ? 'no code' : "other code than this version's contracts";
    throw new StartupError(`FACTORY_ADDRESS ${this.config.factoryAddress}: there is ${found} at ${address}`);
  }

  /** One transaction carries them all. */
  override selection({ gasLimit }: SubmissionLimits): (job: DeploymentJob) => boolean {
    let count = 0;
    let gas = 0n;
    return (job) => {
      count += 1;
      gas += maxGas(job);
      return count === 1 || (count <= this.batches.batchSize && gas <= gasLimit);
    };
  }

  override async prepare(
    jobs: readonly DeploymentJob[],
    sender: string,
    { gasLimit }: SubmissionLimits,
  ): Promise<PreparedBatch> {
    const whole = this.simulator.buildCall(jobs, sender);
    const { notDeployed, existing, failed, gas } = await this.simulator.simulate(jobs, whole);
    if (notDeployed.length === 0) return { transactions: [], alreadyDeployed: existing, results: failed };
    const complete = notDeployed.length === jobs.length;
    const call = complete ? whole : this.simulator.buildCall(notDeployed, sender);
    const estimate = complete && gas !== null ? gas : await this.simulator.estimateGas(call);
    const wanted = estimate + (estimate * GAS_MARGIN_PERCENT) / 100n;
    if (estimate > gasLimit)
      throw new HoldError('rpc_unavailable', `the batch needs ${estimate} gas, a block gives ${gasLimit}`);
    const transaction = {
      kind: 'deploy' as const,
      to: call.to,
      data: call.data,
      value: 0n,
      gasLimit: wanted < gasLimit ? wanted : gasLimit,
      jobs: notDeployed,
    };
    return { transactions: [transaction], alreadyDeployed: existing, results: failed };
  }

  override async readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]> {
    if (!receipt.succeeded && !(await this.mayDeploy(receipt.from))) return jobs.map(notExecuted);
    return readBatchReceipt(jobs, receipt, block, this.config.factoryAddress);
  }

  override async adopt(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<{ readonly findings: readonly JobResult[]; readonly open: readonly DeploymentJob[] }> {
    return await this.existingTokenFinder.find(jobs, finalBlock);
  }
}

/** The role was taken away after the simulation, which is no fault of the jobs: the next simulation holds them (M3). */
function notExecuted(job: DeploymentJob): JobResult {
  return { kind: 'returned', modelId: job.request.record.modelId };
}

/** Upper bound of what one job adds to a transaction. */
function maxGas(job: DeploymentJob): bigint {
  const { record, mlflowRunId } = toTokenDeployment(job);
  const texts = [record.modelId, record.tokenSymbol, record.metricName, mlflowRunId ?? ''];
  return GAS_PER_TOKEN + GAS_PER_BYTE * BigInt(100 + Buffer.byteLength(texts.join('')));
}
