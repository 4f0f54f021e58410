import {
  decodeHasToken,
  decodeTokenAddress,
  decodeTokenOf,
  encodeHasToken,
  encodeTokenAddress,
  encodeTokenOf,
} from '#contracts';
import type { BlockTag, CallRequest, ChainReader } from '../../rpc/chain-reader.js';

/** A token that a former contract of the queue made. */
export interface FormerToken {
  readonly kind: 'factory' | 'token-manager';
  /** EIP-55 address of the former contract. */
  readonly contract: string;
  /** EIP-55. */
  readonly tokenAddress: string;
}

/** Former contracts, EIP-55. */
export interface FormerContractAddresses {
  readonly factories: readonly string[];
  readonly tokenManagers: readonly string[];
}

/** Finds tokens that the queue's former contracts made. A model keeps its first token. */
export class FormerContracts {
  constructor(
    private readonly reader: ChainReader,
    private readonly addresses: FormerContractAddresses,
  ) {}

  /**
   * Returns the tokens by model id, without the models that have none.
   *
   * @throws RpcUnavailableError when a node does not answer for one of the contracts: silence is no proof of absence
   */
  async tokensOf(modelIds: readonly string[], tag: BlockTag): Promise<ReadonlyMap<string, FormerToken>> {
    const found = new Map<string, FormerToken>();
    for (const contract of this.addresses.factories) {
      const tokens = await this.views(modelIds, contract, encodeTokenOf, decodeTokenOf, tag);
      for (const [modelId, tokenAddress] of tokens)
        if (tokenAddress !== null && !found.has(modelId))
          found.set(modelId, { kind: 'factory', contract, tokenAddress });
    }
    for (const contract of this.addresses.tokenManagers) {
      const made = await this.views(modelIds, contract, encodeHasToken, decodeHasToken, tag);
      const withToken = modelIds.filter((modelId) => made.get(modelId) === true);
      const tokens = await this.views(withToken, contract, encodeTokenAddress, decodeTokenAddress, tag);
      for (const [modelId, tokenAddress] of tokens)
        if (tokenAddress !== null && !found.has(modelId))
          found.set(modelId, { kind: 'token-manager', contract, tokenAddress });
    }
    return found;
  }

  private async views<T>(
    modelIds: readonly string[],
    to: string,
    encode: (modelId: string) => string,
    decode: (returnData: string) => T,
    tag: BlockTag,
  ): Promise<ReadonlyMap<string, T>> {
    if (modelIds.length === 0) return new Map();
    const calls: readonly CallRequest[] = modelIds.map((modelId) => ({ to, data: encode(modelId) }));
    const answers = await this.reader.views(calls, (returnData) => ({ value: decode(returnData) }), tag);
    const known = answers.flatMap((answer, index) =>
      answer === null ? [] : ([[modelIds[index] ?? '', answer.value]] as const),
    );
    // At a block before its deployment a contract has no tokens, and none at the latest block is an error.
    if (known.length < calls.length && tag === 'latest')
      throw this.reader.contradiction('eth_call', `no result of former contract ${to}`);
    return new Map(known);
  }
}
