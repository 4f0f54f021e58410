import { type Adoption, StartupError, TokenBackend } from '#core';
import type {
  Block,
  DeploymentJob,
  JobResult,
  PreparedBatch,
  SubmissionLimits,
  TransactionKind,
  TransactionReceipt,
} from '#core';
import { expectedFactoryCode } from '#contracts';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { DeploymentLogFinder } from '../factory/deployment-log-finder.js';
import { ExistingTokenFinder } from '../factory/existing-token-finder.js';
import { toConflict } from '../factory/factory.mapper.js';
import type { FormerContractAddresses, FormerContracts, FormerToken } from './former-contracts.service.js';

/**
 * Asks the queue's former contracts before the backend of the current ones: a model that has a token there gets no second one
 * (T1). The token of a former factory completes the job, with the event that it had before. The token of a former
 * TokenManager, whose terms the current settings do not describe, fails it with a conflict that names the token.
 */
export class FormerContractsBackend extends TokenBackend {
  constructor(
    private readonly current: TokenBackend,
    private readonly former: FormerContracts,
    private readonly reader: ChainReader,
    private readonly addresses: FormerContractAddresses & { readonly current: string },
  ) {
    super();
  }

  override get requiredSigner(): string | null {
    return this.current.requiredSigner;
  }

  override get gasPerToken(): bigint {
    return this.current.gasPerToken;
  }

  override setSigners(signers: readonly string[]): void {
    this.current.setSigners(signers);
  }

  override kindOf(data: string): TransactionKind {
    return this.current.kindOf(data);
  }

  override async checkAtStartup(signers: readonly string[]): Promise<void> {
    const { current, factories, tokenManagers } = this.addresses;
    for (const [variable, contracts] of [
      ['FORMER_FACTORIES', factories],
      ['FORMER_TOKEN_MANAGERS', tokenManagers],
    ] as const) {
      for (const contract of contracts) {
        if (contract === current)
          throw new StartupError(`${variable} names ${contract}, which is the current contract`);
        const code = await this.reader.code(contract);
        if (code === '0x') throw new StartupError(`${variable}: there is no contract at ${contract}`);
        if (variable === 'FORMER_FACTORIES' && code.toLowerCase() !== expectedFactoryCode(contract).toLowerCase())
          throw new StartupError(`${variable}: the contract at ${contract} is not this version's factory`);
      }
    }
    await this.current.checkAtStartup(signers);
  }

  override selection(room: SubmissionLimits): (job: DeploymentJob) => boolean {
    return this.current.selection(room);
  }

  override async prepare(
    jobs: readonly DeploymentJob[],
    sender: string,
    room: SubmissionLimits,
  ): Promise<PreparedBatch> {
    const { known, rest } = await this.splitJobs(jobs);
    if (known.length === 0) return await this.current.prepare(jobs, sender, room);
    if (rest.length === 0) return { transactions: [], alreadyDeployed: known, results: [] };
    const prepared = await this.current.prepare(rest, sender, room);
    return { ...prepared, alreadyDeployed: [...known, ...prepared.alreadyDeployed] };
  }

  override async readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]> {
    return await this.current.readResults(jobs, receipt, block);
  }

  override async adopt(jobs: readonly DeploymentJob[], finalBlock: number): Promise<Adoption> {
    const { found, known, rest } = await this.splitJobs(jobs);
    const current: Adoption =
      rest.length === 0 ? { findings: [], open: [] } : await this.current.adopt(rest, finalBlock);
    const former = await this.adoptFormer(known, found, finalBlock);
    return {
      findings: [...current.findings, ...former.findings],
      open: current.open,
      errors: [...(current.errors ?? []), ...former.errors],
    };
  }

  /** Splits the jobs by whether a former contract has their model's token. */
  private async splitJobs(jobs: readonly DeploymentJob[]): Promise<{
    readonly found: ReadonlyMap<string, FormerToken>;
    readonly known: readonly DeploymentJob[];
    readonly rest: readonly DeploymentJob[];
  }> {
    const found = await this.former.tokensOf(jobs.filter(isTokenless).map(modelIdOf), 'latest');
    const isKnown = (job: DeploymentJob): boolean => isTokenless(job) && found.has(modelIdOf(job));
    return { found, known: jobs.filter(isKnown), rest: jobs.filter((job) => !isKnown(job)) };
  }

  private async adoptFormer(
    jobs: readonly DeploymentJob[],
    found: ReadonlyMap<string, FormerToken>,
    finalBlock: number,
  ): Promise<{ readonly findings: readonly JobResult[]; readonly errors: readonly Error[] }> {
    const final = await this.former.tokensOf(jobs.map(modelIdOf), finalBlock);
    const results: JobResult[] = [];
    const unread: Error[] = [];
    for (const factoryAddress of this.addresses.factories) {
      const made = jobs.filter((job) => found.get(modelIdOf(job))?.contract === factoryAddress);
      if (made.length === 0) continue;
      const site = { factoryAddress, factoryDeployedAtBlock: 0 };
      const finder = new ExistingTokenFinder(this.reader, new DeploymentLogFinder(this.reader, site), site);
      const { findings, errors = [] } = await finder.find(made, finalBlock);
      results.push(...findings.map((finding) => withContract(finding, factoryAddress)));
      unread.push(...errors);
    }
    for (const job of jobs) {
      const token = final.get(modelIdOf(job));
      if (token?.kind === 'token-manager') results.push(toManagerConflict(job, token));
    }
    return { findings: results, errors: unread };
  }
}

/** A job that keeps a token is about its registration, which is the current contracts' business. */
function isTokenless({ token }: DeploymentJob): boolean {
  return token === null;
}

function modelIdOf({ request }: DeploymentJob): string {
  return request.record.modelId;
}

function withContract(finding: JobResult, contract: string): JobResult {
  return 'token' in finding ? { ...finding, token: { ...finding.token, contract } } : finding;
}

function toManagerConflict(job: DeploymentJob, { tokenAddress, contract }: FormerToken): JobResult {
  const conflict = toConflict(job, tokenAddress);
  const error = `model ${conflict.modelId} already has the token ${tokenAddress} in the former TokenManager ${contract}`;
  return { ...conflict, error };
}
