import type { ChainConfig, FactoryConfig } from '#config';
import { decodeRecordOf, decodeTokenOf, encodeRecordOf, encodeTokenOf } from '#contracts';
import type { ChainDeployment, ChainJob, ChainRegistration, ChainToken } from '#core';
import type { ChainReader } from '../../rpc/chain-reader.js';
import type { FactoryEventReader } from './factory-event-reader.js';
import type { FactoryTokenRestorer } from './factory-token-restorer.adapter.js';
import { holdOnRpcFailure, holdPagesOnRpcFailure, NodeStateReader } from '../../history/node-state-reader.js';

/** Reads the chain state of the factory backend. */
export class FactoryChainStateReader extends NodeStateReader {
  override readonly keepsRecords = true;
  override readonly formerDeployers = [];

  constructor(
    reader: ChainReader,
    private readonly eventReader: FactoryEventReader,
    private readonly tokenRestorer: FactoryTokenRestorer,
    chain: ChainConfig,
    private readonly backend: FactoryConfig,
  ) {
    super(reader, chain);
  }

  override deployments(toBlock: number, fromBlock = 0): AsyncIterable<readonly ChainDeployment[]> {
    return holdPagesOnRpcFailure(this.eventReader.deployments(toBlock, { fromBlock }));
  }

  /** Yields nothing: deployment and registration are one transaction. */
  override async *registrations(): AsyncIterable<readonly ChainRegistration[]> {}

  override async toChainJobs(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]> {
    return await holdOnRpcFailure(async () => await this.tokenRestorer.jobsOfDeployments(deployments));
  }

  override async adoptable(deployments: readonly ChainDeployment[]): Promise<readonly boolean[]> {
    return deployments.map(() => true);
  }

  override async deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]> {
    const found: ChainDeployment[] = [];
    await holdOnRpcFailure(async () => {
      for await (const page of this.eventReader.deployments(toBlock, { modelId })) found.push(...page);
    });
    return found;
  }

  override async tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]> {
    return await holdOnRpcFailure(async () => {
      const addresses = (await this.callFactory(modelIds.map(encodeTokenOf))).map(decodeTokenOf);
      const standing = addresses.filter((address) => address !== null);
      const records = (await this.callFactory(standing.map(encodeRecordOf))).map(decodeRecordOf);
      const found = new Map(standing.map((address, index) => [address, records[index]]));
      return addresses.map((address) => {
        const record = address === null ? undefined : found.get(address);
        return address === null || record === undefined ? null : { address, record, registered: address };
      });
    });
  }

  private async callFactory(calls: readonly string[]): Promise<readonly string[]> {
    const to = this.backend.factoryAddress;
    return await this.callAll(calls.map((data) => ({ to, data })));
  }
}
