import type { TokenManagerConfig } from '#config';
import { decodeRefusal, findManagedToken, findRegistration, type Refusal } from '#contracts';
import type { Block, DeployedToken, DeploymentJob, JobFinding, TransactionReceipt } from '#core';
import type { BlockTag, CallRequest, ChainReader } from '../rpc/chain-reader.js';
import { RpcError, RpcUnavailable } from '../rpc/rpc-errors.js';
import { isRevert } from '../unknown-revert.js';
import type { TokenOrigins } from './token-origins.js';

/** Reads from final receipts what a step did. */
export class ManagedReceipts {
  constructor(
    private readonly reader: ChainReader,
    private readonly origins: TokenOrigins,
    private readonly config: TokenManagerConfig,
  ) {}

  async finding(job: DeploymentJob, receipt: TransactionReceipt, block: Block): Promise<JobFinding> {
    const { modelId } = job.request.record;
    if (!receipt.succeeded) return await this.reverted(job, receipt);
    if (findManagedToken(this.config.managerAddress, modelId, receipt.logs)) return { kind: 'advanced', modelId };
    const token = await this.registered(job, receipt, block);
    return token ? { kind: 'deployed', job, token } : { kind: 'returned', modelId };
  }

  private async registered(
    job: DeploymentJob,
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<DeployedToken | null> {
    const { modelId } = job.request.record;
    const { registryAddress } = this.config;
    const tokenAddress = findRegistration(registryAddress, modelId, receipt.logs);
    if (tokenAddress === null) return null;
    const { token } = await this.origins.find(job, tokenAddress, block.number);
    return { ...token, registryTransactionHash: receipt.transactionHash };
  }

  /** What the chain itself now says of the model is found by the next simulation; anything else is the job's own failure. */
  private async reverted(job: DeploymentJob, receipt: TransactionReceipt): Promise<JobFinding> {
    const { modelId } = job.request.record;
    const refusal = await this.refusalOf(receipt);
    if (refusal && refusal.kind !== 'other') return { kind: 'returned', modelId };
    const where = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`;
    const error = refusal ? `${where}: ${refusal.text}` : where;
    return { kind: 'failed', modelId, reason: 'deployment_reverted', error };
  }

  /**
   * Runs it again on the state that its block left, or on the newest where the node has dropped that, as it does with old
   * ones; null when neither shows anything.
   */
  private async refusalOf({ transactionHash, blockNumber }: TransactionReceipt): Promise<Refusal | null> {
    const [transaction] = await this.reader.transactions([transactionHash]);
    if (!transaction || transaction.to === null) throw new RpcUnavailable('a reverted transaction cannot be read now');
    const { from, to, data, value } = transaction;
    const again = async (tag: BlockTag): Promise<RpcError | null> =>
      await this.failureOf({ from, to, data, value }, tag);
    const failure = await again(blockNumber);
    const shown = failure && !isRevert(failure) ? await again('latest') : failure;
    return shown?.data ? decodeRefusal(shown.data) : null;
  }

  private async failureOf(request: CallRequest, tag: BlockTag): Promise<RpcError | null> {
    try {
      await this.reader.call(request, tag);
      return null;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return error;
    }
  }
}
