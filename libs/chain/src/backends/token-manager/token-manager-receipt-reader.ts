import type { TokenManagerConfig } from '#config';
import { decodeContractRevert, findTokenManagerDeployment, findRegistration, type ContractRevert } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobResult, TransactionReceipt } from '#core';
import type { BlockTag, CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { isRevert } from '../reverts.js';
import type { TokenCreationFinder } from './token-creation-finder.js';

/** Reads the result of a step from its final receipt. */
export class TokenManagerReceiptReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly creationFinder: TokenCreationFinder,
    private readonly config: TokenManagerConfig,
  ) {}

  async resultOf(job: DeploymentJob, receipt: TransactionReceipt, block: Block): Promise<JobResult> {
    const { modelId } = job.request.record;
    if (!receipt.succeeded) return await this.revertedResult(job, receipt);
    if (findTokenManagerDeployment(this.config.managerAddress, modelId, receipt.logs))
      return { kind: 'advanced', modelId };
    const token = await this.registeredToken(job, receipt, block);
    return token ? { kind: 'deployed', job, token } : { kind: 'returned', modelId };
  }

  private async registeredToken(
    job: DeploymentJob,
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<DeployedToken | null> {
    const { modelId } = job.request.record;
    const { registryAddress } = this.config;
    const tokenAddress = findRegistration(registryAddress, modelId, receipt.logs);
    if (tokenAddress === null) return null;
    const { token } = await this.creationFinder.find(job, tokenAddress, block.number);
    return { ...token, registryTransactionHash: receipt.transactionHash };
  }

  /** A revert that shows newer chain state requeues the job for simulation. Any other revert fails it. */
  private async revertedResult(job: DeploymentJob, receipt: TransactionReceipt): Promise<JobResult> {
    const { modelId } = job.request.record;
    const revert = await this.revertOf(receipt);
    if (revert && revert.kind !== 'other') return { kind: 'returned', modelId };
    const where = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`;
    const error = revert ? `${where}: ${revert.text}` : where;
    return { kind: 'failed', modelId, reason: 'deployment_reverted', error };
  }

  /**
   * Replays the transaction on the state after its block, or on the latest state when the node has pruned that. Returns null
   * when neither reverts with a known error.
   */
  private async revertOf({ transactionHash, blockNumber }: TransactionReceipt): Promise<ContractRevert | null> {
    const [transaction] = await this.reader.minedTransactions([transactionHash]);
    if (!transaction || transaction.to === null)
      throw this.reader.contradiction('eth_getTransactionByHash', `no call in reverted ${transactionHash}`);
    const { from, to, data, value } = transaction;
    const call = { from, to, data, value };
    const first = await this.errorOf(call, blockNumber);
    const error = first && !isRevert(first) ? await this.errorOf(call, 'latest') : first;
    return error?.data ? decodeContractRevert(error.data) : null;
  }

  private async errorOf(request: CallRequest, tag: BlockTag): Promise<RpcError | null> {
    try {
      await this.reader.call(request, tag);
      return null;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return error;
    }
  }
}
