import { Injectable } from '@nestjs/common';
import { FactoryConfig } from '#config';
import { deployedTopics, readFactoryLogs } from '#contracts';
import type { ChainDeployment, TransactionLog } from '#core';
import { ChainReader } from '../../rpc/chain-reader.js';
import { walkBlocks } from '../../history/walk-blocks.js';

/** Reads the deployment events of the factory. */
@Injectable()
export class FactoryEventReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: FactoryConfig,
  ) {}

  /** Yields pages from the factory's block on, oldest first. A page may be empty. Holds one page in memory. */
  async *deployments(
    toBlock: number,
    { fromBlock = 0, modelId }: { readonly fromBlock?: number; readonly modelId?: string } = {},
  ): AsyncIterable<readonly ChainDeployment[]> {
    const { factoryAddress: address, factoryDeployedAtBlock } = this.config;
    const topics = deployedTopics(modelId);
    const pages = walkBlocks(Math.max(factoryDeployedAtBlock, fromBlock), toBlock, async (from, to) =>
      this.reader.logs({ address, topics, fromBlock: from, toBlock: to }),
    );
    for await (const logs of pages) yield logs.flatMap((log) => this.toDeployments(log));
  }

  private toDeployments(log: TransactionLog): ChainDeployment[] {
    const { transactionHash, blockNumber } = log;
    return readFactoryLogs(this.config.factoryAddress, [log]).flatMap((event) => {
      if (event.kind !== 'deployed') return [];
      const { modelId, tokenAddress, deployer, mlflowRunId } = event;
      return [{ modelId, tokenAddress, deployer, mlflowRunId, transactionHash, blockNumber }];
    });
  }
}
