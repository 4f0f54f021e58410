import { HoldError, TokenLookup } from '#core';

/** Tokens that a test puts on its chain, by model id. */
export class FakeTokenLookup extends TokenLookup {
  readonly tokens = new Map<string, string>();
  /** The chain cannot be asked. */
  down = false;

  override async tokenOf(modelId: string): Promise<string | null> {
    if (this.down) throw new HoldError('rpc_unavailable', 'the chain cannot be asked');
    return this.tokens.get(modelId) ?? null;
  }
}
