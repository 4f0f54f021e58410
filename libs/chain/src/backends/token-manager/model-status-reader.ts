import type { TokenManagerConfig } from '#config';
import {
  decodeHasToken,
  decodeIsRegistered,
  decodeListedModel,
  decodeRegisteredToken,
  decodeTokenAddress,
  encodeHasToken,
  encodeIsRegistered,
  encodeListedModel,
  encodeRegisteredToken,
  encodeTokenAddress,
} from '#contracts';
import type { BlockTag, CallRequest, ChainReader } from '../../rpc/chain-reader.js';

/** State of a model on chain. */
export type ModelStatus =
  /** Neither contract knows the model at the latest block. */
  | { readonly kind: 'none' }
  /** The state at the latest block is not final: check again. */
  | { readonly kind: 'not-final' }
  /** The token is final, and the registry does not list the model at the latest block. */
  | { readonly kind: 'unregistered'; readonly tokenAddress: string }
  /** As `unregistered`, but the registry finally lists the token under another model. */
  | { readonly kind: 'registered-under-other-model'; readonly tokenAddress: string; readonly listedAs: string }
  /** The registry finally lists the manager's token. */
  | { readonly kind: 'registered'; readonly tokenAddress: string }
  /** The registry finally lists another token. */
  | { readonly kind: 'registered-with-other-token'; readonly tokenAddress: string };

/** EIP-55 addresses that both contracts return for a model at one block. */
export interface ModelState {
  readonly token: string | null;
  readonly registered: string | null;
}

/** Reads the status of models from manager and registry. It determines the next step of a deployment. */
export class ModelStatusReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * Returns one status a model, in the order of `modelIds`.
   *
   * @param finalBlock number of the latest final block. Negative while no block is final.
   * @throws RpcUnavailableError
   */
  async statuses(modelIds: readonly string[], finalBlock: number): Promise<readonly ModelStatus[]> {
    const latest = await this.states(modelIds, 'latest');
    const known = modelIds.filter((modelId) => isKnown(latest.get(modelId)));
    const final = finalBlock < 0 ? new Map<string, ModelState>() : await this.states(known, finalBlock);
    const statuses = modelIds.map((modelId) => statusOf(latest.get(modelId), final.get(modelId)));
    return await this.checkListedModels(modelIds, statuses, finalBlock);
  }

  /** Skips a registry without `getModelId`: such a registry rejects the registration itself. */
  private async checkListedModels(
    modelIds: readonly string[],
    statuses: readonly ModelStatus[],
    finalBlock: number,
  ): Promise<readonly ModelStatus[]> {
    const tokens = statuses.flatMap((status) => (status.kind === 'unregistered' ? [status.tokenAddress] : []));
    if (tokens.length === 0) return statuses;
    const { registryAddress: to } = this.config;
    const calls = tokens.map((token) => ({ to, data: encodeListedModel(token) }));
    const models = await this.reader.views(calls, decodeListedModel, finalBlock);
    const listed = new Map(tokens.map((token, index) => [token, models[index] ?? null]));
    return statuses.map((status, index) => {
      const listedAs = status.kind === 'unregistered' ? (listed.get(status.tokenAddress) ?? null) : null;
      if (status.kind !== 'unregistered' || listedAs === null) return status;
      // The token was registered correctly between the two reads.
      if (listedAs === modelIds[index]) return { kind: 'not-final' };
      return { ...status, kind: 'registered-under-other-model', listedAs };
    });
  }

  /** Reads addresses only where they exist: `getToken` reverts for a model that the registry does not list. */
  async states(modelIds: readonly string[], tag: BlockTag): Promise<ReadonlyMap<string, ModelState>> {
    const { managerAddress, registryAddress } = this.config;
    const [made, listed] = await this.viewPairs(
      modelIds.map((modelId) => ({ to: managerAddress, data: encodeHasToken(modelId) })),
      modelIds.map((modelId) => ({ to: registryAddress, data: encodeIsRegistered(modelId) })),
      [decodeHasToken, decodeIsRegistered],
      tag,
    );
    const withToken = modelIds.filter((_, index) => made[index] === true);
    const registered = modelIds.filter((_, index) => listed[index] === true);
    const [tokens, entries] = await this.viewPairs(
      withToken.map((modelId) => ({ to: managerAddress, data: encodeTokenAddress(modelId) })),
      registered.map((modelId) => ({ to: registryAddress, data: encodeRegisteredToken(modelId) })),
      [decodeTokenAddress, decodeRegisteredToken],
      tag,
    );
    const tokenOf = new Map(withToken.map((modelId, index) => [modelId, tokens[index]]));
    const entryOf = new Map(registered.map((modelId, index) => [modelId, entries[index]]));
    return new Map(modelIds.map((id) => [id, { token: tokenOf.get(id) ?? null, registered: entryOf.get(id) ?? null }]));
  }

  /** @param decoders decode the results of `first` and of `second` */
  private async viewPairs<T>(
    first: readonly CallRequest[],
    second: readonly CallRequest[],
    decoders: readonly [(returnData: string) => T, (returnData: string) => T],
    tag: BlockTag,
  ): Promise<readonly [readonly T[], readonly T[]]> {
    const calls = [...first, ...second];
    // A call has no result when it reverts or when its contract is not deployed at the block yet.
    const read = (returnData: string, index: number) => ({ value: decoders[index < first.length ? 0 : 1](returnData) });
    const answers = calls.length === 0 ? [] : await this.reader.views(calls, read, tag);
    const known = answers.flatMap((answer) => (answer === null ? [] : [answer.value]));
    if (known.length < calls.length) throw this.reader.contradiction('eth_call', 'no status of a model');
    return [known.slice(0, first.length), known.slice(first.length)];
  }
}

function isKnown(view: ModelState | undefined): boolean {
  return view !== undefined && (view.token !== null || view.registered !== null);
}

function statusOf(latest: ModelState | undefined, final: ModelState | undefined): ModelStatus {
  if (!latest || !isKnown(latest)) return { kind: 'none' };
  if (!final || !isKnown(final)) return { kind: 'not-final' };
  const { token, registered } = final;
  if (registered !== null)
    return { kind: registered === token ? 'registered' : 'registered-with-other-token', tokenAddress: registered };
  const unchanged = latest.token === token && latest.registered === null;
  return token !== null && unchanged ? { kind: 'unregistered', tokenAddress: token } : { kind: 'not-final' };
}
