import { FactoryConfig } from '#config';
import { decodeTokenOf, encodeTokenOf } from '#contracts';
import { HoldError, TokenLookup } from '#core';
import { ChainReader } from '../../rpc/chain-reader.js';

/** Looks up tokens in the factory, which is the registry. */
export class FactoryTokenLookup extends TokenLookup {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: FactoryConfig,
  ) {
    super();
  }

  override async tokenOf(modelId: string): Promise<string | null> {
    try {
      const call = { to: this.config.factoryAddress, data: encodeTokenOf(modelId) };
      return await this.reader.view(call, decodeTokenOf);
    } catch (error) {
      throw new HoldError('rpc_unavailable', 'RPC unavailable: the token of the model cannot be looked up', {
        cause: error,
      });
    }
  }
}
