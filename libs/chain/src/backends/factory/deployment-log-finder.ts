import type { TransactionLog } from '#core';
import type { FactoryConfig } from '#config';
import { deployedTopics } from '#contracts';
import { ChainReader } from '../../rpc/chain-reader.js';
import { latestLog } from '../../rpc/latest-log.js';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';

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
    if (!log) throw new RpcUnavailableError('the node returned no deployment event for an existing token');
    return log;
  }
}
