import { Logger } from '@nestjs/common';
import { type Adoption, type DeploymentJob, type JobResult, recordFingerprint } from '#core';
import type { FactoryConfig } from '#config';
import { decodeRecordOf, decodeTokenOf, encodeRecordOf, encodeTokenOf, predictTokenAddress } from '#contracts';
import { ChainReader } from '../../rpc/chain-reader.js';
import { DeploymentLogFinder } from './deployment-log-finder.js';
import { type BatchResult, describeFailure, isFailure, isRpcFailure } from '../../rpc/rpc.errors.js';
import { readBatchReceipt } from './batch-receipt.js';
import { toConflict } from './factory.mapper.js';

/** Finds tokens of earlier transactions: own ones after a loss of the ledger, or those of another deployer. */
export class ExistingTokenFinder {
  private readonly logger = new Logger(ExistingTokenFinder.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly logFinder: DeploymentLogFinder,
    private readonly config: Pick<FactoryConfig, 'factoryAddress' | 'factoryDeployedAtBlock'>,
  ) {}

  /** See `TokenBackend.adopt`. */
  async find(jobs: readonly DeploymentJob[], finalBlock: number): Promise<Adoption> {
    const [atFinality, now] = await Promise.all([
      this.deployedAmong(jobs, finalBlock),
      this.deployedAmong(jobs, 'latest'),
    ]);
    const final = jobs.filter((job) => atFinality.has(job));
    const open = jobs.filter((job) => !now.has(job));
    const results = await Promise.all(final.map((job) => this.resultOrError(job, finalBlock)));
    const findings = results.flatMap((each) => (isFailure(each) ? [] : [each]));
    return { findings, open, errors: results.filter(isFailure) };
  }

  private async deployedAmong(
    jobs: readonly DeploymentJob[],
    tag: number | 'latest',
  ): Promise<ReadonlySet<DeploymentJob>> {
    const to = this.config.factoryAddress;
    const calls = jobs.map((job) => ({ to, data: encodeTokenOf(job.request.record.modelId) }));
    const tokens = await this.reader.views(calls, decodeTokenOf, tag);
    return new Set(jobs.filter((_, index) => (tokens[index] ?? null) !== null));
  }

  /** Returns the error when the node cannot serve the data, such as pruned logs. Other jobs must not wait for that. */
  private async resultOrError(job: DeploymentJob, finalBlock: number): Promise<BatchResult<JobResult>> {
    try {
      return await this.resultOf(job, finalBlock);
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
      const { modelId } = job.request.record;
      const message = 'token not adopted yet';
      this.logger.warn({
        event: 'token.adoption_postponed',
        message,
        model_id: modelId,
        error: describeFailure(error),
      });
      return error;
    }
  }

  private async resultOf(job: DeploymentJob, finalBlock: number): Promise<JobResult> {
    const { record } = job.request;
    const { factoryAddress } = this.config;
    const address = predictTokenAddress(factoryAddress, record.modelId);
    const onChain = await this.reader.view({ to: factoryAddress, data: encodeRecordOf(address) }, decodeRecordOf);
    if (recordFingerprint(onChain) !== recordFingerprint(record)) return toConflict(job, address);
    return { kind: 'adopted', job, token: await this.fetchToken(job, finalBlock) };
  }

  /** Reads the transaction that deployed the token. */
  private async fetchToken(job: DeploymentJob, toBlock: number) {
    const log = await this.logFinder.find(job.request.record.modelId, toBlock);
    const [receipt] = await this.reader.receipts([log.transactionHash]);
    if (!receipt)
      throw this.reader.contradiction('eth_getTransactionReceipt', `null for ${log.transactionHash} of a log`);
    const block = await this.reader.block(receipt.blockNumber);
    if (!block)
      throw this.reader.contradiction('eth_getBlockByNumber', `null for block ${receipt.blockNumber} of a receipt`);
    const [finding] = readBatchReceipt([job], receipt, block, this.config.factoryAddress);
    if (finding?.kind !== 'deployed')
      throw this.reader.contradiction('eth_getTransactionReceipt', `no event of its log in ${log.transactionHash}`);
    return finding.token;
  }
}
