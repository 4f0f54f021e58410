import type { ChainConfig, TokenManagerConfig } from '#config';
import { decodeManagedDeployment, decodeTokenSymbol, encodeTokenSymbol } from '#contracts';
import type { ChainDeployment, ChainJob, ChainRegistration, ChainToken } from '#core';
import { asked, askedPages, NodeWitness } from '../history/node-witness.js';
import type { ChainReader } from '../rpc/chain-reader.js';
import { RpcUnavailable } from '../rpc/rpc-errors.js';
import type { ManagedEvents } from './managed-events.js';
import { asAddress, isAsWanted } from './managed-terms.js';
import type { ModelStandings, ModelView } from './model-standings.js';
import { MODEL_ID_RULE } from './token-manager-contracts.js';

/** Tells what manager, registry and node say, for whoever compares it with something else. */
export class ManagedWitness extends NodeWitness {
  /** Symbol and terms are on chain; what the model measures is not. */
  override readonly keepsRecords = false;
  override readonly formerDeployers: readonly string[];

  constructor(
    reader: ChainReader,
    chain: ChainConfig,
    private readonly config: TokenManagerConfig,
    private readonly events: ManagedEvents,
    private readonly standings: ModelStandings,
  ) {
    super(reader, chain);
    this.formerDeployers = (config.formerDeployers ?? []).map(asAddress);
  }

  override deployments(toBlock: number, fromBlock = 0): AsyncIterable<readonly ChainDeployment[]> {
    return askedPages(this.events.deployments(toBlock, { fromBlock }));
  }

  override registrations(toBlock: number): AsyncIterable<readonly ChainRegistration[]> {
    return askedPages(this.events.registrations(toBlock));
  }

  override async jobsOf(): Promise<readonly ChainJob[]> {
    return [];
  }

  override async adoptable(deployments: readonly ChainDeployment[]): Promise<readonly boolean[]> {
    return await asked(async () => {
      const calls = await this.reader.transactions(deployments.map(({ transactionHash }) => transactionHash));
      const views = await this.views(deployments.map(({ modelId }) => modelId ?? ''));
      return deployments.map(({ modelId, tokenAddress }, index) => {
        const call = calls[index];
        if (!call) throw new RpcUnavailable('a transaction that made a token cannot be read now');
        const view = views.get(modelId ?? '');
        return view !== undefined && [null, tokenAddress].includes(view.registered) && this.hasOurTerms(call.data);
      });
    });
  }

  override async deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]> {
    const found: ChainDeployment[] = [];
    for await (const page of askedPages(this.events.deployments(toBlock, { modelId }))) found.push(...page);
    return found;
  }

  override async tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]> {
    return await asked(async () => {
      const views = await this.views(modelIds);
      const made = modelIds.map((modelId) => views.get(modelId)?.token ?? null);
      const standing = made.filter((token) => token !== null);
      const symbols = await this.answers(standing.map((to) => ({ to, data: encodeTokenSymbol() })));
      const symbolOf = new Map(standing.map((token, index) => [token, decodeTokenSymbol(symbols[index] ?? '0x')]));
      return modelIds.map((modelId, index) => {
        const address = made[index] ?? null;
        const tokenSymbol = symbolOf.get(address ?? '');
        if (address === null || tokenSymbol === undefined) return null;
        return { address, record: { modelId, tokenSymbol }, registered: views.get(modelId)?.registered ?? null };
      });
    });
  }

  /** Without those that no message can ask for. */
  private async views(modelIds: readonly string[]): Promise<ReadonlyMap<string, ModelView>> {
    return await this.standings.views(
      modelIds.filter((modelId) => MODEL_ID_RULE.accepts(modelId)),
      'latest',
    );
  }

  /** Whether the call is the one that we would send today for the model, symbol and recipient that are in it. */
  private hasOurTerms(data: string): boolean {
    const call = decodeManagedDeployment(data);
    if (call === null) return false;
    const { modelId, symbol: tokenSymbol, modelSupplierRecipient: supplierRecipient } = call;
    return isAsWanted(call, { record: { modelId, tokenSymbol }, supplierRecipient }, this.config, false);
  }
}
