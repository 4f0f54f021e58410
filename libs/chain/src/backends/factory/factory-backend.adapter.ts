import {
  type Adoption,
  type Block,
  StartupError,
  type DeploymentJob,
  HoldError,
  type JobResult,
  type PreparedBatch,
  type PreparedTransaction,
  type SubmissionLimits,
  TokenBackend,
  type TransactionReceipt,
} from '#core';
import { BackendConfig, FactoryConfig } from '#config';
import {
  decodeHasRole,
  DEPLOYER_ROLE,
  deploymentGas,
  EIP_PROBE,
  encodeHasRole,
  expectedFactoryCode,
  expectedImplementationCode,
  implementationAddress,
  missingEips,
  tokenGas,
} from '#contracts';
import { maxBigInt, minBigInt, withGasMargin } from '../../common/bigints.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { gasAboveLimit } from '../gas-above-limit.js';
import { readBatchReceipt } from './batch-receipt.js';
import { type BatchCall, BatchSimulator } from './batch-simulator.js';
import { ExistingTokenFinder } from './existing-token-finder.js';
import { toTokenDeployment } from './factory.mapper.js';

/** Wordings of nodes for a call that needs more gas than they give it. */
const OUT_OF_GAS = /out of gas|gas required exceeds|exceeds? .{0,20}gas (cap|allowance|limit)/i;
/** How long a batch stays small after a node ran out of gas. */
const CALL_LIMIT_TTL_MS = 600_000;

/** Token backend of this project's contracts: the factory is the registry, and one transaction deploys a batch. */
export class FactoryBackend extends TokenBackend {
  /** Jobs whose call the nodes ran within their own gas limit, and until when that counts (monotonic ms). */
  private callable = { jobs: Infinity, until: 0 };

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
    await this.requireEips();
    await this.requireCode(factoryAddress, expectedFactoryCode(factoryAddress));
    await this.requireCode(implementationAddress(factoryAddress), expectedImplementationCode(factoryAddress));
    for (const signer of signers) {
      if (!(await this.mayDeploy(signer)))
        throw new StartupError(`the signer ${signer} lacks DEPLOYER_ROLE on the factory ${factoryAddress}`);
    }
  }

  /** A node that refuses a call without `to` says nothing about its EVM. */
  private async requireEips(): Promise<void> {
    const answer = await this.reader.call({ data: EIP_PROBE }).catch((error: unknown) => {
      if (error instanceof RpcError) return null;
      throw error;
    });
    const missing = answer === null ? [] : missingEips(answer);
    if (missing.length > 0)
      throw new StartupError(
        `CHAIN_ID: the chain lacks ${missing.join(' and ')}, which the contracts use: connect to a chain with the Cancun upgrade`,
      );
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

  /** Selects the jobs of one transaction. */
  override selection({ batchGas, gasMarginPercent }: SubmissionLimits): (job: DeploymentJob) => boolean {
    let count = 0;
    let gas = deploymentGas([]);
    return (job) => {
      count += 1;
      gas += tokenGas(toTokenDeployment(job));
      return count === 1 || (count <= this.maxJobs && withGasMargin(gas, gasMarginPercent) <= batchGas);
    };
  }

  private get maxJobs(): number {
    const { jobs, until } = this.callable;
    return performance.now() < until ? Math.min(jobs, this.batches.batchSize) : this.batches.batchSize;
  }

  /** Halves the batch while it runs out of gas: a node may limit the gas of a call (geth: `--rpc.gascap`). */
  override async prepare(
    jobs: readonly DeploymentJob[],
    sender: string,
    limits: SubmissionLimits,
  ): Promise<PreparedBatch> {
    try {
      return await this.prepareBatch(jobs, sender, limits);
    } catch (error) {
      if (jobs.length === 1 || !isOutOfGas(error)) throw error;
      const half = Math.ceil(jobs.length / 2);
      this.callable = { jobs: half, until: performance.now() + CALL_LIMIT_TTL_MS };
      return await this.prepare(jobs.slice(0, half), sender, limits);
    }
  }

  private async prepareBatch(
    jobs: readonly DeploymentJob[],
    sender: string,
    limits: SubmissionLimits,
  ): Promise<PreparedBatch> {
    const whole = this.simulator.buildCall(jobs, sender);
    const { notDeployed, existing, failed, gas } = await this.simulator.simulate(jobs, whole);
    if (notDeployed.length === 0) return { transactions: [], alreadyDeployed: existing, results: failed };
    const complete = notDeployed.length === jobs.length;
    const call = complete ? whole : this.simulator.buildCall(notDeployed, sender);
    const estimate = complete && gas !== null ? gas : await this.simulator.estimateGas(call);
    const transaction = await this.fit(notDeployed, call, estimate, limits);
    return { transactions: [transaction], alreadyDeployed: existing, results: failed };
  }

  /** Returns the transaction for as many jobs as the limits allow. The other jobs wait for the next batch. */
  private async fit(
    jobs: readonly DeploymentJob[],
    call: BatchCall,
    estimate: bigint,
    limits: SubmissionLimits,
  ): Promise<PreparedTransaction> {
    const { gasLimit, batchGas, gasMarginPercent } = limits;
    // A node may estimate too little, but the gas of the contracts is known.
    const needed = maxBigInt(withGasMargin(estimate, gasMarginPercent), deploymentGas(jobs.map(toTokenDeployment)));
    if (jobs.length > 1 && needed > batchGas) {
      const count = Number((BigInt(jobs.length) * batchGas) / needed);
      const fewer = jobs.slice(0, Math.max(1, count));
      const smaller = this.simulator.buildCall(fewer, call.from);
      return await this.fit(fewer, smaller, await this.simulator.estimateGas(smaller), limits);
    }
    if (estimate > gasLimit) throw gasAboveLimit(this.reader, estimate, gasLimit);
    const { to, data } = call;
    return { kind: 'deploy', to, data, value: 0n, gasLimit: minBigInt(needed, gasLimit), jobs };
  }

  override async readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]> {
    // A role revoked after the simulation is not the fault of the jobs: the next simulation holds them (M3).
    if (!receipt.succeeded && !(await this.mayDeploy(receipt.from))) {
      return jobs.map(({ request }) => ({ kind: 'returned', modelId: request.record.modelId }));
    }
    return readBatchReceipt(jobs, receipt, block, this.config.factoryAddress);
  }

  override async adopt(jobs: readonly DeploymentJob[], finalBlock: number): Promise<Adoption> {
    return await this.existingTokenFinder.find(jobs, finalBlock);
  }
}

/** Whether a node refused to simulate or estimate a call because it ran out of the gas that the node gives it. */
function isOutOfGas(error: unknown): boolean {
  return error instanceof HoldError && error.cause instanceof RpcError && OUT_OF_GAS.test(error.cause.message);
}
