import type { TokenManagerConfig } from '#config';
import { decodeContractRevert, findTokenManagerDeployment, findRegistration, type ContractRevert } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobResult, TransactionReceipt } from '#core';
import type { BlockTag, CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { isRevert } from '../reverts.js';
import type { TokenCreationFinder } from './token-creation-finder.js';

/** Reads from final receipts what a step did. */
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

  /** What the chain itself now says of the model is found by the next simulation; anything else is the job's own failure. */
  private async revertedResult(job: DeploymentJob, receipt: TransactionReceipt): Promise<JobResult> {
    const { modelId } = job.request.record;
    const refusal = await this.revertOf(receipt);
    if (refusal && refusal.kind !== 'other') return { kind: 'returned', modelId };
    const where = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`;
    const error = refusal ? `${where}: ${refusal.text}` : where;
    return { kind: 'failed', modelId, reason: 'deployment_reverted', error };
  }

  /**
   * Runs it again on the state that its block left, or on the newest where the node has dropped that, as it does with old
   * ones; null when neither shows anything.
   */
  private async revertOf({ transactionHash, blockNumber }: TransactionReceipt): Promise<ContractRevert | null> {
    const [transaction] = await this.reader.transactions([transactionHash]);
    if (!transaction || transaction.to === null)
      throw new RpcUnavailableError('a reverted transaction cannot be read now');
    const { from, to, data, value } = transaction;
    const again = async (tag: BlockTag): Promise<RpcError | null> => await this.errorOf({ from, to, data, value }, tag);
    const failure = await again(blockNumber);
    const shown = failure && !isRevert(failure) ? await again('latest') : failure;
    return shown?.data ? decodeContractRevert(shown.data) : null;
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
