import type { TokenManagerConfig } from '#config';
import { decodeIsRegistered, decodeRegisteredToken, encodeIsRegistered, encodeRegisteredToken } from '#contracts';
import { HoldError, TokenLookup } from '#core';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { MODEL_ID_RULE } from './token-manager-contracts.js';

/** Looks up tokens in the registry: a token that is not registered yet is not complete. */
export class TokenManagerTokenLookup extends TokenLookup {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {
    super();
  }

  override async tokenOf(modelId: string): Promise<string | null> {
    if (!MODEL_ID_RULE.accepts(modelId)) return null;
    const to = this.config.registryAddress;
    try {
      if (!(await this.reader.view({ to, data: encodeIsRegistered(modelId) }, decodeIsRegistered))) return null;
      return await this.reader.view({ to, data: encodeRegisteredToken(modelId) }, decodeRegisteredToken);
    } catch (error) {
      throw new HoldError('rpc_unavailable', 'RPC unavailable: the token of the model cannot be looked up', {
        cause: error,
      });
    }
  }
}
