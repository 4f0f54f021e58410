import { Injectable } from '@nestjs/common';
import { FactoryConfig } from '#config';
import { decodeRecordOf, encodeRecordOf, readFactoryLogs, requestedModels } from '#contracts';
import type { ChainDeployment, ChainJob, DeployedToken, TransactionReceipt } from '#core';
import { tokensMade } from './batch-receipt.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcUnavailable } from '../rpc/rpc-errors.js';
import { FactoryHistory } from './factory-history.js';
import { TokenHistory } from '../history/token-history.js';

/** The factory keeps every record, and its events name every transaction. */
@Injectable()
export class FactoryTokenHistory extends TokenHistory {
  constructor(
    private readonly reader: ChainReader,
    private readonly history: FactoryHistory,
    private readonly config: FactoryConfig,
  ) {
    super();
  }

  override async madeIn(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]> {
    const blocks = [...new Set(receipts.map(({ blockNumber }) => blockNumber))];
    const found = new Map(await Promise.all(blocks.map(async (each) => [each, await this.blockOf(each)] as const)));
    const jobs = await Promise.all(
      receipts.map(async (receipt) => {
        const block = found.get(receipt.blockNumber);
        if (block?.hash !== receipt.blockHash) throw new RpcUnavailable('a transaction left its block meanwhile');
        return await this.jobsOf(receipt, tokensMade(receipt, block, this.config.factoryAddress));
      }),
    );
    return jobs.flat();
  }

  override async *madeBy(account: string, toBlock: number): AsyncIterable<readonly ChainJob[]> {
    for await (const page of this.history.deployments(toBlock)) {
      yield await this.origins(page.filter(({ deployer }) => deployer.toLowerCase() === account.toLowerCase()));
    }
  }

  override isOurs(to: string | null, data: string): boolean {
    return to?.toLowerCase() === this.config.factoryAddress.toLowerCase() && requestedModels(data) !== null;
  }

  /** The jobs of these deployments, without those that the same transactions made besides. */
  async origins(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]> {
    const wanted = new Set(deployments.map(({ modelId }) => modelId));
    const receipts = await this.reader.receipts([...new Set(deployments.map((each) => each.transactionHash))]);
    const known = receipts.filter((receipt) => receipt !== null);
    if (known.length < receipts.length) throw new RpcUnavailable('a transaction that made a token cannot be read now');
    return (await this.madeIn(known)).filter(({ request }) => wanted.has(request.record.modelId));
  }

  private async blockOf(number: number) {
    const block = await this.reader.block(number);
    if (!block) throw new RpcUnavailable('a block that holds a deployment cannot be read now');
    return block;
  }

  private async jobsOf(
    receipt: TransactionReceipt,
    tokens: ReadonlyMap<string, DeployedToken>,
  ): Promise<readonly ChainJob[]> {
    const to = this.config.factoryAddress;
    const made = readFactoryLogs(to, receipt.logs).filter((log) => log.kind === 'deployed');
    const answers = await this.reader.calls(made.map((log) => ({ to, data: encodeRecordOf(log.tokenAddress) })));
    return made.map((log, index) => {
      const [answer, token] = [answers[index] ?? null, tokens.get(log.modelId)];
      if (answer === null || !token) throw new RpcUnavailable('the factory does not say the record of its own token');
      return { request: { ...UNTOLD, record: decodeRecordOf(answer), mlflowRunId: log.mlflowRunId }, token };
    });
  }
}

/** What only a message says. */
const UNTOLD = {
  messageId: null,
  modelName: null,
  modelVersion: null,
  improvementPercentage: null,
  supplierRecipient: null,
} as const;
