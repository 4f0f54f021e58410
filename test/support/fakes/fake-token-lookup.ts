import { HoldError, TokenLookup } from '#core';

/** Tokens that a test puts on its chain, by model id. */
export class FakeTokenLookup extends TokenLookup {
  readonly tokens = new Map<string, string>();
  /** True while RPC is unavailable. */
  down = false;

  override async tokenOf(modelId: string): Promise<string | null> {
    if (this.down) throw new HoldError('rpc_unavailable', 'no RPC endpoint answers');
    return this.tokens.get(modelId) ?? null;
  }
}
