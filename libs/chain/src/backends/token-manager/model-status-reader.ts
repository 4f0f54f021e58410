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
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';

/** How far a model has come on chain. */
export type ModelStatus =
  /** Neither contract knows the model, even at the newest block. */
  | { readonly kind: 'absent' }
  /** What stands at the newest block is not final: it is to be looked at again. */
  | { readonly kind: 'settling' }
  /** Its token is final, and the registry does not list the model, even at the newest block. */
  | { readonly kind: 'unregistered'; readonly tokenAddress: string }
  /** The same, but the registry lists the token as another model, finally. */
  | { readonly kind: 'misplaced'; readonly tokenAddress: string; readonly listedAs: string }
  /** The registry lists the manager's token, finally. */
  | { readonly kind: 'registered'; readonly tokenAddress: string }
  /** The registry lists another token, finally. */
  | { readonly kind: 'taken'; readonly tokenAddress: string };

/** What the two contracts say about a model at one block. Addresses in EIP-55 form. */
export interface ModelState {
  readonly token: string | null;
  readonly registered: string | null;
}

/** Asks manager and registry how far models have come. Both steps of a deployment can be read off that. */
export class ModelStatusReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * In the order of the model ids.
   *
   * @param finalBlock number of the newest block that counts as final; negative on a young chain
   * @throws RpcUnavailableError
   */
  async statuses(modelIds: readonly string[], finalBlock: number): Promise<readonly ModelStatus[]> {
    const newest = await this.states(modelIds, 'latest');
    const standing = modelIds.filter((modelId) => isKnown(newest.get(modelId)));
    const final = finalBlock < 0 ? new Map<string, ModelState>() : await this.states(standing, finalBlock);
    const standings = modelIds.map((modelId) => statusOf(newest.get(modelId), final.get(modelId)));
    return await this.checkListedModels(modelIds, standings, finalBlock);
  }

  /** A registry that does not tell refuses the registration itself. */
  private async checkListedModels(
    modelIds: readonly string[],
    standings: readonly ModelStatus[],
    finalBlock: number,
  ): Promise<readonly ModelStatus[]> {
    const tokens = standings.flatMap((standing) => (standing.kind === 'unregistered' ? [standing.tokenAddress] : []));
    if (tokens.length === 0) return standings;
    const { registryAddress: to } = this.config;
    const questions = tokens.map((token) => ({ to, data: encodeListedModel(token) }));
    const models = await this.reader.views(questions, decodeListedModel, finalBlock);
    const listed = new Map(tokens.map((token, index) => [token, models[index] ?? null]));
    return standings.map((standing, index) => {
      const listedAs = standing.kind === 'unregistered' ? (listed.get(standing.tokenAddress) ?? null) : null;
      if (standing.kind !== 'unregistered' || listedAs === null) return standing;
      // Two looks at a chain that moves: it has just been registered as what it is.
      return listedAs === modelIds[index] ? { kind: 'settling' } : { ...standing, kind: 'misplaced', listedAs };
    });
  }

  /** Asks for addresses only where there are some: `getToken` reverts for a model that the registry does not list. */
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

  /** @param decoders of the answers to the first calls and to the second ones */
  private async viewPairs<T>(
    first: readonly CallRequest[],
    second: readonly CallRequest[],
    decoders: readonly [(returnData: string) => T, (returnData: string) => T],
    tag: BlockTag,
  ): Promise<readonly [readonly T[], readonly T[]]> {
    const calls = [...first, ...second];
    // A call that reverts, and a contract that the block does not have yet, have no answer.
    const read = (returnData: string, index: number) => ({ value: decoders[index < first.length ? 0 : 1](returnData) });
    const answers = calls.length === 0 ? [] : await this.reader.views(calls, read, tag);
    const known = answers.flatMap((answer) => (answer === null ? [] : [answer.value]));
    if (known.length < calls.length) throw new RpcUnavailableError('the contracts do not say how far a model is now');
    return [known.slice(0, first.length), known.slice(first.length)];
  }
}

function isKnown(view: ModelState | undefined): boolean {
  return view !== undefined && (view.token !== null || view.registered !== null);
}

function statusOf(newest: ModelState | undefined, final: ModelState | undefined): ModelStatus {
  if (!newest || !isKnown(newest)) return { kind: 'absent' };
  if (!final || !isKnown(final)) return { kind: 'settling' };
  const { token, registered } = final;
  if (registered !== null) return { kind: registered === token ? 'registered' : 'taken', tokenAddress: registered };
  const alike = newest.token === token && newest.registered === null;
  return token !== null && alike ? { kind: 'unregistered', tokenAddress: token } : { kind: 'settling' };
}
