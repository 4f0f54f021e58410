import type { TransactionLog } from '#core';
import type { FactoryConfig } from '#config';
import { deployedTopics } from '#contracts';
import { ChainReader } from '../../rpc/chain-reader.js';
import { latestLog } from '../../rpc/latest-log.js';

/** Finds the deployment event of a model. */
export class DeploymentLogFinder {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: Pick<FactoryConfig, 'factoryAddress' | 'factoryDeployedAtBlock'>,
  ) {}

  /** @throws RpcUnavailableError when the node does not return the event */
  async find(modelId: string, toBlock: number): Promise<TransactionLog> {
    const { factoryAddress: address, factoryDeployedAtBlock: fromBlock } = this.config;
    const log = await latestLog(this.reader, { address, topics: deployedTopics(modelId), fromBlock, toBlock });
    if (!log) throw this.reader.contradiction('eth_getLogs', `no deployment event of existing token ${modelId}`);
    return log;
  }
}
