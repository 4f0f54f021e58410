import type { TransactionLog } from '#core';
import { FactoryConfig } from '#config';
import { deployedTopics } from '#contracts';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcError, RpcUnavailable } from '../rpc/json-rpc-endpoint.js';

const NARROWEST_BLOCKS = 1_000;

/** Finds the one event that the factory emitted for a model. */
export class DeploymentLogs {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: FactoryConfig,
  ) {}

  /** @throws RpcUnavailable when no node shows the event now */
  async find(modelId: string, toBlock: number): Promise<TransactionLog> {
    const log = await this.search(deployedTopics(modelId), this.config.factoryDeployedAtBlock, toBlock);
    if (!log) throw new RpcUnavailable('the event of an existing token cannot be found now');
    return log;
  }

  /** Providers refuse wide ranges, each with its own limit and wording: halve until they answer, newest half first. */
  private async search(
    topics: readonly (string | null)[],
    fromBlock: number,
    toBlock: number,
  ): Promise<TransactionLog | null> {
    try {
      const logs = await this.reader.logs({ address: this.config.factoryAddress, topics, fromBlock, toBlock });
      return logs[0] ?? null;
    } catch (error) {
      if (!(error instanceof RpcError) || toBlock - fromBlock < NARROWEST_BLOCKS) throw error;
      const middle = Math.floor((fromBlock + toBlock) / 2);
      return (await this.search(topics, middle + 1, toBlock)) ?? (await this.search(topics, fromBlock, middle));
    }
  }
}
