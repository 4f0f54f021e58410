import { id } from 'ethers';
import type { TokenManagerConfig } from '#config';
import {
  decodeTokenManagerDeployment,
  tokenManagerDeploymentTopics,
  readTokenManagerDeployments,
  readRegistrations,
  registrationTopics,
} from '#contracts';
import type { ChainDeployment, ChainRegistration, TransactionLog } from '#core';
import { walkBlocks } from '../../history/walk-blocks.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { tokenManagerTokenName } from './token-manager-contracts.js';

/** What stands before the model id in the names of the platform's tokens. */
const NAME_PREFIX = tokenManagerTokenName({ modelId: '' });

/** A deployment with the hash of its model id. */
interface HashedDeployment extends ChainDeployment {
  readonly modelKey: string;
}

/** Every token that the manager ever made, and every one that the registry ever listed, by their events. */
export class TokenManagerEventReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * Oldest first, or those of one model; a page may be empty. Holds one page in memory. The event has only the hash of the
   * model id. Whatever has that hash is the id: the end of the token's name, or what the transaction's calldata says.
   */
  async *deployments(
    toBlock: number,
    { fromBlock = 0, modelId }: { readonly fromBlock?: number; readonly modelId?: string } = {},
  ): AsyncIterable<readonly ChainDeployment[]> {
    const pages = this.logs(this.config.managerAddress, tokenManagerDeploymentTopics(modelId), fromBlock, toBlock);
    for await (const logs of pages) yield await this.withModelIds(logs.flatMap((log) => this.toDeployments(log)));
  }

  /** Oldest first; a page may be empty. Holds one page in memory. */
  async *registrations(toBlock: number): AsyncIterable<readonly ChainRegistration[]> {
    const { registryAddress } = this.config;
    for await (const logs of this.logs(registryAddress, registrationTopics(), 0, toBlock)) {
      yield logs.flatMap((log) =>
        readRegistrations(registryAddress, [log]).map((entry) => ({ ...entry, transactionHash: log.transactionHash })),
      );
    }
  }

  private logs(
    address: string,
    topics: readonly string[],
    fromBlock: number,
    toBlock: number,
  ): AsyncIterable<readonly TransactionLog[]> {
    const first = Math.max(this.config.deployedAtBlock, fromBlock);
    return walkBlocks(first, toBlock, async (from, to) =>
      this.reader.logs({ address, topics, fromBlock: from, toBlock: to }),
    );
  }

  private toDeployments(log: TransactionLog): readonly HashedDeployment[] {
    const { transactionHash, blockNumber } = log;
    return readTokenManagerDeployments(this.config.managerAddress, [log]).map(
      ({ modelIdHash, name, tokenAddress, deployer }) => {
        const modelId = textIfHashMatches(modelIdHash, name.slice(NAME_PREFIX.length));
        return {
          modelKey: modelIdHash,
          modelId,
          tokenAddress,
          deployer,
          mlflowRunId: null,
          transactionHash,
          blockNumber,
        };
      },
    );
  }

  private async withModelIds(found: readonly HashedDeployment[]): Promise<readonly ChainDeployment[]> {
    const hashes = found.flatMap(({ modelId, transactionHash }) => (modelId === null ? [transactionHash] : []));
    const calls = await this.reader.transactions(hashes);
    const dataOf = new Map(hashes.map((hash, index) => [hash, calls[index]?.data ?? '0x']));
    return found.map(({ modelKey, ...deployment }) => {
      if (deployment.modelId !== null) return deployment;
      const call = decodeTokenManagerDeployment(dataOf.get(deployment.transactionHash) ?? '0x');
      return call === null ? deployment : { ...deployment, modelId: textIfHashMatches(modelKey, call.modelId) };
    });
  }
}

/** The text, if it is what was hashed. */
function textIfHashMatches(hash: string, text: string): string | null {
  return id(text) === hash ? text : null;
}
