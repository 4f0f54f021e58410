import { Injectable } from '@nestjs/common';
import { FactoryConfig } from '#config';
import { decodeRecordOf, encodeRecordOf, readFactoryLogs, requestedModels } from '#contracts';
import type { ChainDeployment, ChainJob, DeployedToken, TransactionReceipt } from '#core';
import { createdTokens } from './batch-receipt.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { FactoryEventReader } from './factory-event-reader.js';
import { TokenRestorer } from '../../history/token-restorer.port.js';

/** Restores jobs from the records and events of the factory. */
@Injectable()
export class FactoryTokenRestorer extends TokenRestorer {
  constructor(
    private readonly reader: ChainReader,
    private readonly eventReader: FactoryEventReader,
    private readonly config: FactoryConfig,
  ) {
    super();
  }

  override async jobsFromReceipts(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]> {
    const blocks = [...new Set(receipts.map(({ blockNumber }) => blockNumber))];
    const found = new Map(
      await Promise.all(blocks.map(async (each) => [each, await this.requireBlock(each)] as const)),
    );
    const jobs = await Promise.all(
      receipts.map(async (receipt) => {
        const block = found.get(receipt.blockNumber);
        if (block?.hash !== receipt.blockHash)
          throw this.reader.contradiction(
            'eth_getBlockByNumber',
            `block ${receipt.blockNumber} is not that of its receipt`,
          );
        return await this.jobsOfReceipt(receipt, createdTokens(receipt, block, this.config.factoryAddress));
      }),
    );
    return jobs.flat();
  }

  override async *jobsOfDeployer(account: string, toBlock: number): AsyncIterable<readonly ChainJob[]> {
    for await (const page of this.eventReader.deployments(toBlock)) {
      yield await this.jobsOfDeployments(
        page.filter(({ deployer }) => deployer.toLowerCase() === account.toLowerCase()),
      );
    }
  }

  override isOwnCall(to: string | null, data: string): boolean {
    return to?.toLowerCase() === this.config.factoryAddress.toLowerCase() && requestedModels(data) !== null;
  }

  /** Returns the jobs of these deployments only, not the other jobs of the same transactions. */
  async jobsOfDeployments(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]> {
    const wanted = new Set(deployments.map(({ modelId }) => modelId));
    const receipts = await this.reader.receipts([...new Set(deployments.map((each) => each.transactionHash))]);
    const known = receipts.filter((receipt) => receipt !== null);
    if (known.length < receipts.length)
      throw this.reader.contradiction('eth_getTransactionReceipt', 'null for a transaction that deployed a token');
    return (await this.jobsFromReceipts(known)).filter(({ request }) => wanted.has(request.record.modelId));
  }

  private async requireBlock(number: number) {
    const block = await this.reader.block(number);
    if (!block) throw this.reader.contradiction('eth_getBlockByNumber', `null for block ${number} of a deployment`);
    return block;
  }

  private async jobsOfReceipt(
    receipt: TransactionReceipt,
    tokens: ReadonlyMap<string, DeployedToken>,
  ): Promise<readonly ChainJob[]> {
    const to = this.config.factoryAddress;
    const made = readFactoryLogs(to, receipt.logs).filter((log) => log.kind === 'deployed');
    const records = await this.reader.views(
      made.map((log) => ({ to, data: encodeRecordOf(log.tokenAddress) })),
      decodeRecordOf,
    );
    return made.map((log, index) => {
      const [record, token] = [records[index] ?? null, tokens.get(log.modelId)];
      if (record === null || !token)
        throw this.reader.contradiction('eth_call', `no record of token ${log.tokenAddress}`);
      return { request: { ...NOT_ON_CHAIN, record, mlflowRunId: log.mlflowRunId }, token };
    });
  }
}

/** Request fields that are not on chain. */
const NOT_ON_CHAIN = {
  messageId: null,
  modelName: null,
  modelVersion: null,
  improvementPercentage: null,
  supplierRecipient: null,
  producer: null,
  warnings: [],
} as const;
