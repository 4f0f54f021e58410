import type { TransactionLog } from '#core';
import { FactoryConfig } from '#config';
import { deployedTopics } from '#contracts';
import { ChainReader } from '../rpc/chain-reader.js';
import { newestLog } from '../rpc/newest-log.js';
import { RpcUnavailable } from '../rpc/rpc-errors.js';

/** Finds the one event that the factory emitted for a model. */
export class DeploymentLogs {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: FactoryConfig,
  ) {}

  /** @throws RpcUnavailable when no node shows the event now */
  async find(modelId: string, toBlock: number): Promise<TransactionLog> {
    const { factoryAddress: address, factoryDeployedAtBlock: fromBlock } = this.config;
    const log = await newestLog(this.reader, { address, topics: deployedTopics(modelId), fromBlock, toBlock });
    if (!log) throw new RpcUnavailable('the event of an existing token cannot be found now');
    return log;
  }
}
