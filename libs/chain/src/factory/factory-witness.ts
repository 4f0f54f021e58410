import type { ChainConfig, FactoryConfig } from '#config';
import { decodeRecordOf, decodeTokenOf, encodeRecordOf, encodeTokenOf } from '#contracts';
import type { ChainDeployment, ChainJob, ChainRegistration, ChainToken } from '#core';
import type { ChainReader } from '../rpc/chain-reader.js';
import type { FactoryHistory } from './factory-history.js';
import type { FactoryTokenHistory } from './factory-token-history.js';
import { asked, askedPages, NodeWitness } from '../history/node-witness.js';

/** Tells what factory and node say, for whoever compares it with something else. */
export class FactoryWitness extends NodeWitness {
  override readonly keepsRecords = true;
  override readonly formerDeployers = [];

  constructor(
    reader: ChainReader,
    private readonly history: FactoryHistory,
    private readonly tokensMade: FactoryTokenHistory,
    chain: ChainConfig,
    private readonly backend: FactoryConfig,
  ) {
    super(reader, chain);
  }

  override deployments(toBlock: number, fromBlock = 0): AsyncIterable<readonly ChainDeployment[]> {
    return askedPages(this.history.deployments(toBlock, { fromBlock }));
  }

  /** Deployment and registration are one transaction. */
  override async *registrations(): AsyncIterable<readonly ChainRegistration[]> {}

  override async jobsOf(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]> {
    return await asked(async () => await this.tokensMade.origins(deployments));
  }

  override async adoptable(deployments: readonly ChainDeployment[]): Promise<readonly boolean[]> {
    return deployments.map(() => true);
  }

  override async deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]> {
    const found: ChainDeployment[] = [];
    await asked(async () => {
      for await (const page of this.history.deployments(toBlock, { modelId })) found.push(...page);
    });
    return found;
  }

  override async tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]> {
    return await asked(async () => {
      const addresses = (await this.ask(modelIds.map(encodeTokenOf))).map(decodeTokenOf);
      const standing = addresses.filter((address) => address !== null);
      const records = (await this.ask(standing.map(encodeRecordOf))).map(decodeRecordOf);
      const found = new Map(standing.map((address, index) => [address, records[index]]));
      return addresses.map((address) => {
        const record = address === null ? undefined : found.get(address);
        return address === null || record === undefined ? null : { address, record, registered: address };
      });
    });
  }

  private async ask(calls: readonly string[]): Promise<readonly string[]> {
    const to = this.backend.factoryAddress;
    return await this.answers(calls.map((data) => ({ to, data })));
  }
}
