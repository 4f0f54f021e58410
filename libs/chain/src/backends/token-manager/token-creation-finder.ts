import type { TokenManagerConfig } from '#config';
import {
  decodeTokenManagerDeployment,
  findTokenManagerDeployment,
  findRegistration,
  type TokenManagerDeployment,
  tokenManagerDeploymentTopics,
  registrationTopics,
} from '#contracts';
import type { DeployedToken, DeploymentJob, TransactionReceipt } from '#core';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { latestLog } from '../../rpc/latest-log.js';

/** The transaction that deployed a token. */
export interface TokenCreation {
  /** Whether the job's own journal names the transaction. */
  readonly fromOwnJournal: boolean;
  /** Caller of the manager; EIP-55. */
  readonly deployer: string;
  /** Null when the transaction does not call the manager directly. */
  readonly call: TokenManagerDeployment | null;
  readonly token: DeployedToken;
}

/** Finds the transactions that deployed and registered a token: first in the job's journal, then by event. */
export class TokenCreationFinder {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * @param tokenAddress address of a final token
   * @param toBlock number of a block at which the token existed
   * @throws RpcUnavailableError when the node does not return the transaction
   */
  async find(job: DeploymentJob, tokenAddress: string, toBlock: number): Promise<TokenCreation> {
    const { modelId } = job.request.record;
    const { managerAddress } = this.config;
    const deploymentIn = ({ logs }: TransactionReceipt) => findTokenManagerDeployment(managerAddress, modelId, logs);
    const own = await this.findOwnReceipt(job, (receipt) => deploymentIn(receipt)?.tokenAddress === tokenAddress);
    const topics = tokenManagerDeploymentTopics(modelId);
    const receipt = own ?? (await this.findReceipt(managerAddress, topics, toBlock));
    const deployment = deploymentIn(receipt);
    const [transaction] = await this.reader.minedTransactions([receipt.transactionHash]);
    const block = await this.reader.block(receipt.blockNumber);
    if (deployment?.tokenAddress !== tokenAddress || !transaction || block?.hash !== receipt.blockHash)
      throw this.reader.contradiction('eth_getTransactionReceipt', `not the transaction that deployed ${tokenAddress}`);
    const call = isSentTo(transaction.to, managerAddress) ? decodeTokenManagerDeployment(transaction.data) : null;
    if (own && call === null)
      throw this.reader.contradiction(
        'eth_getTransactionByHash',
        `no deployment in ${receipt.transactionHash} of the journal`,
      );
    return {
      fromOwnJournal: own !== null,
      deployer: deployment.deployer,
      call,
      token: {
        tokenAddress,
        transactionHash: receipt.transactionHash,
        registryTransactionHash: null,
        registration: null,
        blockNumber: receipt.blockNumber,
        blockTimestamp: block.timestamp,
        gasUsed: receipt.gasUsed,
        gasPrice: receipt.gasPrice,
        ...(receipt.layerOneFee > 0n ? { layerOneFee: receipt.layerOneFee } : {}),
        deployerAddress: deployment.deployer,
      },
    };
  }

  /** Returns the hash of the registration. @throws RpcUnavailableError when the node does not return it */
  async findRegistrationHash(job: DeploymentJob, token: DeployedToken, toBlock: number): Promise<string> {
    const { registryAddress } = this.config;
    const { modelId } = job.request.record;
    const own = await this.findOwnReceipt(
      job,
      ({ logs }) => findRegistration(registryAddress, modelId, logs) === token.tokenAddress,
    );
    if (own) return own.transactionHash;
    const topics = registrationTopics(modelId, token.tokenAddress);
    return (await this.findLog(registryAddress, topics, token.blockNumber, toBlock)).transactionHash;
  }

  private async findOwnReceipt(
    job: DeploymentJob,
    matches: (receipt: TransactionReceipt) => boolean,
  ): Promise<TransactionReceipt | null> {
    if (job.attempts.length === 0) return null;
    const receipts = await this.reader.receipts(job.attempts.map(({ hash }) => hash));
    return receipts.find((receipt) => receipt !== null && receipt.succeeded && matches(receipt)) ?? null;
  }

  private async findReceipt(address: string, topics: readonly string[], toBlock: number): Promise<TransactionReceipt> {
    const log = await this.findLog(address, topics, this.config.deployedAtBlock, toBlock);
    const [receipt] = await this.reader.receipts([log.transactionHash]);
    if (!receipt)
      throw this.reader.contradiction('eth_getTransactionReceipt', `null for ${log.transactionHash} of a log`);
    return receipt;
  }

  private async findLog(address: string, topics: readonly string[], fromBlock: number, toBlock: number) {
    const log = await latestLog(this.reader, { address, topics, fromBlock, toBlock });
    if (!log) throw this.reader.contradiction('eth_getLogs', `no event of an existing token of ${address}`);
    return log;
  }
}

export function isSentTo(to: string | null, address: string): boolean {
  return to?.toLowerCase() === address.toLowerCase();
}
