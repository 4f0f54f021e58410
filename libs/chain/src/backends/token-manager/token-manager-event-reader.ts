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

/** Prefix of the model id in a token's name. */
const NAME_PREFIX = tokenManagerTokenName({ modelId: '' });

/** A deployment with the hash of its model id. */
interface HashedDeployment extends ChainDeployment {
  readonly modelIdHash: string;
}

/** Reads the deployment events of the manager and the registration events of the registry. */
export class TokenManagerEventReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * Yields pages of all deployments or those of one model, oldest first. A page may be empty. Holds one page in memory. The
   * event has only the hash of the model id, so the id is taken from the token's name or from the calldata.
   */
  async *deployments(
    toBlock: number,
    { fromBlock = 0, modelId }: { readonly fromBlock?: number; readonly modelId?: string } = {},
  ): AsyncIterable<readonly ChainDeployment[]> {
    const pages = this.logs(this.config.managerAddress, tokenManagerDeploymentTopics(modelId), fromBlock, toBlock);
    for await (const logs of pages) yield await this.withModelIds(logs.flatMap((log) => this.toDeployments(log)));
  }

  /** Yields pages of registrations, oldest first. A page may be empty. Holds one page in memory. */
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
        return { modelIdHash, modelId, tokenAddress, deployer, mlflowRunId: null, transactionHash, blockNumber };
      },
    );
  }

  private async withModelIds(found: readonly HashedDeployment[]): Promise<readonly ChainDeployment[]> {
    const hashes = found.flatMap(({ modelId, transactionHash }) => (modelId === null ? [transactionHash] : []));
    const calls = await this.reader.transactions(hashes);
    const dataOf = new Map(hashes.map((hash, index) => [hash, calls[index]?.data ?? '0x']));
    return found.map(({ modelIdHash, ...deployment }) => {
      if (deployment.modelId !== null) return deployment;
      const call = decodeTokenManagerDeployment(dataOf.get(deployment.transactionHash) ?? '0x');
      return call === null ? deployment : { ...deployment, modelId: textIfHashMatches(modelIdHash, call.modelId) };
    });
  }
}

/** Returns the text if it has the hash, else null. */
function textIfHashMatches(hash: string, text: string): string | null {
  return id(text) === hash ? text : null;
}
