import { HoldError, TokenLookup } from '#core';
import type { FormerContracts } from './former-contracts.service.js';

/** Looks up tokens in the current contracts, then in the queue's former ones. */
export class FormerTokenLookup extends TokenLookup {
  constructor(
    private readonly current: TokenLookup,
    private readonly former: FormerContracts,
  ) {
    super();
  }

  override async tokenOf(modelId: string): Promise<string | null> {
    const token = await this.current.tokenOf(modelId);
    if (token !== null) return token;
    try {
      return (await this.former.tokensOf([modelId], 'latest')).get(modelId)?.tokenAddress ?? null;
    } catch (error) {
      throw new HoldError('rpc_unavailable', 'RPC unavailable: the token of the model cannot be looked up', {
        cause: error,
      });
    }
  }
}
