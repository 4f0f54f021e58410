import {
  type Block,
  BootRefused,
  type DeploymentJob,
  Held,
  type JobFinding,
  type Preparation,
  type SubmissionRoom,
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
import { ChainReader } from '../rpc/chain-reader.js';
import { readBatchReceipt } from './batch-receipt.js';
import { BatchSimulation } from './batch-simulation.js';
import { ExistingTokens } from './existing-tokens.js';
import { deploymentOf } from './deployment-of.js';

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
    private readonly simulation: BatchSimulation,
    private readonly tokens: ExistingTokens,
    private readonly config: FactoryConfig,
    private readonly batches: BackendConfig,
  ) {
    super();
  }

  override async check(signers: readonly string[]): Promise<void> {
    const { factoryAddress } = this.config;
    await this.requireCode(factoryAddress, expectedFactoryCode(factoryAddress));
    await this.requireCode(implementationAddress(factoryAddress), expectedImplementationCode(factoryAddress));
    for (const signer of signers) {
      if (!(await this.mayDeploy(signer)))
        throw new BootRefused(`the signer ${signer} lacks DEPLOYER_ROLE on the factory ${factoryAddress}`);
    }
  }

  private async mayDeploy(account: string): Promise<boolean> {
    const data = encodeHasRole(DEPLOYER_ROLE, account);
    return decodeHasRole(await this.reader.call({ to: this.config.factoryAddress, data }));
  }

  private async requireCode(address: string, expected: string): Promise<void> {
    const code = await this.reader.code(address);
    if (code.toLowerCase() === expected.toLowerCase()) return;
    const found = code === '0x' ? 'no code' : "other code than this version's contracts";
    throw new BootRefused(`FACTORY_ADDRESS ${this.config.factoryAddress}: there is ${found} at ${address}`);
  }

  /** One transaction carries them all. */
  override selection({ gasLimit }: SubmissionRoom): (job: DeploymentJob) => boolean {
    let count = 0;
    let gas = 0n;
    return (job) => {
      count += 1;
      gas += gasBound(job);
      return count === 1 || (count <= this.batches.batchSize && gas <= gasLimit);
    };
  }

  override async prepare(
    jobs: readonly DeploymentJob[],
    sender: string,
    { gasLimit }: SubmissionRoom,
  ): Promise<Preparation> {
    const whole = this.simulation.callOf(jobs, sender);
    const { absent, existing, failed, gas } = await this.simulation.run(jobs, whole);
    if (absent.length === 0) return { transactions: [], existing, findings: failed };
    const complete = absent.length === jobs.length;
    const call = complete ? whole : this.simulation.callOf(absent, sender);
    const estimate = complete && gas !== null ? gas : await this.simulation.estimate(call);
    const wanted = estimate + (estimate * GAS_MARGIN_PERCENT) / 100n;
    if (estimate > gasLimit)
      throw new Held('rpc_unavailable', `the batch needs ${estimate} gas, a block gives ${gasLimit}`);
    const transaction = {
      kind: 'deploy' as const,
      to: call.to,
      data: call.data,
      value: 0n,
      gasLimit: wanted < gasLimit ? wanted : gasLimit,
      jobs: absent,
    };
    return { transactions: [transaction], existing, findings: failed };
  }

  override async conclude(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobFinding[]> {
    if (!receipt.succeeded && !(await this.mayDeploy(receipt.from))) return jobs.map(returned);
    return readBatchReceipt(jobs, receipt, block, this.config.factoryAddress);
  }

  override async adopt(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<{ readonly findings: readonly JobFinding[]; readonly open: readonly DeploymentJob[] }> {
    return await this.tokens.find(jobs, finalBlock);
  }
}

/** The role was taken away after the simulation, which is no fault of the jobs: the next simulation holds them (M3). */
function returned(job: DeploymentJob): JobFinding {
  return { kind: 'returned', modelId: job.request.record.modelId };
}

/** Upper bound of what one job adds to a transaction. */
function gasBound(job: DeploymentJob): bigint {
  const { record, mlflowRunId } = deploymentOf(job);
  const texts = [record.modelId, record.tokenSymbol, record.metricName, mlflowRunId ?? ''];
  return GAS_PER_TOKEN + GAS_PER_BYTE * BigInt(100 + Buffer.byteLength(texts.join('')));
}
