import type { ChainConfig, TokenManagerConfig } from '#config';
import { decodeTokenManagerDeployment, decodeTokenSymbol, encodeTokenSymbol } from '#contracts';
import type { ChainDeployment, ChainJob, ChainRegistration, ChainToken } from '#core';
import { holdOnRpcFailure, holdPagesOnRpcFailure, NodeStateReader } from '../../history/node-state-reader.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import type { TokenManagerEventReader } from './token-manager-event-reader.js';
import { toChecksumAddress } from './deployment-terms.js';
import { termDifferences } from './term-differences.js';
import type { ModelStatusReader, ModelState } from './model-status-reader.js';
import { MODEL_ID_RULE } from './token-manager-contracts.js';

/** Reads the chain state of the TokenManager backend. */
export class TokenManagerChainStateReader extends NodeStateReader {
  /** Symbol and terms are on chain, metric and values are not. */
  override readonly keepsRecords = false;
  override readonly formerDeployers: readonly string[];

  constructor(
    reader: ChainReader,
    chain: ChainConfig,
    private readonly config: TokenManagerConfig,
    private readonly eventReader: TokenManagerEventReader,
    private readonly statusReader: ModelStatusReader,
  ) {
    super(reader, chain);
    this.formerDeployers = (config.formerDeployers ?? []).map(toChecksumAddress);
  }

  override deployments(toBlock: number, fromBlock = 0): AsyncIterable<readonly ChainDeployment[]> {
    return holdPagesOnRpcFailure(this.eventReader.deployments(toBlock, { fromBlock }));
  }

  override registrations(toBlock: number): AsyncIterable<readonly ChainRegistration[]> {
    return holdPagesOnRpcFailure(this.eventReader.registrations(toBlock));
  }

  override async toChainJobs(): Promise<readonly ChainJob[]> {
    return [];
  }

  override async adoptable(deployments: readonly ChainDeployment[]): Promise<readonly boolean[]> {
    return await holdOnRpcFailure(async () => {
      const calls = await this.reader.minedTransactions(deployments.map(({ transactionHash }) => transactionHash));
      const views = await this.modelStates(deployments.map(({ modelId }) => modelId ?? ''));
      return deployments.map(({ modelId, tokenAddress }, index) => {
        const call = calls[index];
        if (!call) throw this.reader.contradiction('eth_getTransactionByHash', 'no transaction of a deployment');
        const view = views.get(modelId ?? '');
        return (
          view !== undefined && [null, tokenAddress].includes(view.registered) && this.hasConfiguredTerms(call.data)
        );
      });
    });
  }

  override async deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]> {
    const found: ChainDeployment[] = [];
    for await (const page of holdPagesOnRpcFailure(this.eventReader.deployments(toBlock, { modelId })))
      found.push(...page);
    return found;
  }

  override async tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]> {
    return await holdOnRpcFailure(async () => {
      const views = await this.modelStates(modelIds);
      const made = modelIds.map((modelId) => views.get(modelId)?.token ?? null);
      const deployed = made.filter((token) => token !== null);
      const symbols = await this.callAll(deployed.map((to) => ({ to, data: encodeTokenSymbol() })));
      const symbolOf = new Map(deployed.map((token, index) => [token, decodeTokenSymbol(symbols[index] ?? '0x')]));
      return modelIds.map((modelId, index) => {
        const address = made[index] ?? null;
        const tokenSymbol = symbolOf.get(address ?? '');
        if (address === null || tokenSymbol === undefined) return null;
        return { address, record: { modelId, tokenSymbol }, registered: views.get(modelId)?.registered ?? null };
      });
    });
  }

  /** Ignores model ids that no message can contain. */
  private async modelStates(modelIds: readonly string[]): Promise<ReadonlyMap<string, ModelState>> {
    return await this.statusReader.states(
      modelIds.filter((modelId) => MODEL_ID_RULE.accepts(modelId)),
      'latest',
    );
  }

  /** Whether the service would send the same call today for the model, symbol and recipient in it. */
  private hasConfiguredTerms(data: string): boolean {
    const call = decodeTokenManagerDeployment(data);
    if (call === null) return false;
    const { modelId, symbol: tokenSymbol, modelSupplierRecipient: supplierRecipient } = call;
    const request = { record: { modelId, tokenSymbol }, supplierRecipient };
    return termDifferences(call, request, this.config, false).length === 0;
  }
}
