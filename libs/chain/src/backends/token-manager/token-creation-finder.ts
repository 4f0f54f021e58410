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
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';

/** The transaction that made a token. */
export interface TokenCreation {
  /** Whether the job's own journal names it. */
  readonly fromOwnJournal: boolean;
  /** Who called the manager; EIP-55. */
  readonly deployer: string;
  /** Null when it was not a plain call of the manager. */
  readonly call: TokenManagerDeployment | null;
  readonly token: DeployedToken;
}

/** Finds the transactions that made and registered tokens: first among those that we signed, then by their events. */
export class TokenCreationFinder {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * @param tokenAddress of the manager's token, which is final
   * @param toBlock number of a block at which it stood
   * @throws RpcUnavailableError when no node shows the transaction now
   */
  async find(job: DeploymentJob, tokenAddress: string, toBlock: number): Promise<TokenCreation> {
    const { modelId } = job.request.record;
    const makes = ({ logs }: TransactionReceipt) =>
      findTokenManagerDeployment(this.config.managerAddress, modelId, logs);
    const signed = await this.findOwnReceipt(job, (receipt) => makes(receipt)?.tokenAddress === tokenAddress);
    const receipt =
      signed ?? (await this.findReceipt(this.config.managerAddress, tokenManagerDeploymentTopics(modelId), toBlock));
    const made = makes(receipt);
    const [transaction] = await this.reader.transactions([receipt.transactionHash]);
    const block = await this.reader.block(receipt.blockNumber);
    if (made?.tokenAddress !== tokenAddress || !transaction || block?.hash !== receipt.blockHash)
      throw new RpcUnavailableError('the transaction that made a token cannot be read now');
    return {
      fromOwnJournal: signed !== null,
      deployer: made.deployer,
      call: isSentTo(transaction.to, this.config.managerAddress)
        ? decodeTokenManagerDeployment(transaction.data)
        : null,
      token: {
        tokenAddress,
        transactionHash: receipt.transactionHash,
        registryTransactionHash: null,
        registration: null,
        blockNumber: receipt.blockNumber,
        blockTimestamp: block.timestamp,
        gasUsed: receipt.gasUsed,
        gasPrice: receipt.gasPrice,
        deployerAddress: made.deployer,
      },
    };
  }

  /** Hash of the transaction that registered a token. @throws RpcUnavailableError when no node shows it now */
  async findRegistrationHash(job: DeploymentJob, token: DeployedToken, toBlock: number): Promise<string> {
    const { registryAddress } = this.config;
    const { modelId } = job.request.record;
    const lists = ({ logs }: TransactionReceipt) =>
      findRegistration(registryAddress, modelId, logs) === token.tokenAddress;
    const signed = await this.findOwnReceipt(job, lists);
    if (signed) return signed.transactionHash;
    const topics = registrationTopics(modelId, token.tokenAddress);
    return (await this.findLog(registryAddress, topics, token.blockNumber, toBlock)).transactionHash;
  }

  private async findOwnReceipt(
    job: DeploymentJob,
    wanted: (receipt: TransactionReceipt) => boolean,
  ): Promise<TransactionReceipt | null> {
    if (job.attempts.length === 0) return null;
    const receipts = await this.reader.receipts(job.attempts.map(({ hash }) => hash));
    return receipts.find((receipt) => receipt !== null && receipt.succeeded && wanted(receipt)) ?? null;
  }

  private async findReceipt(address: string, topics: readonly string[], toBlock: number): Promise<TransactionReceipt> {
    const log = await this.findLog(address, topics, this.config.deployedAtBlock, toBlock);
    const [receipt] = await this.reader.receipts([log.transactionHash]);
    if (!receipt) throw new RpcUnavailableError('the transaction that made a token cannot be read now');
    return receipt;
  }

  private async findLog(address: string, topics: readonly string[], fromBlock: number, toBlock: number) {
    const log = await latestLog(this.reader, { address, topics, fromBlock, toBlock });
    if (!log) throw new RpcUnavailableError('the event of an existing token cannot be found now');
    return log;
  }
}

export function isSentTo(to: string | null, address: string): boolean {
  return to?.toLowerCase() === address.toLowerCase();
}
