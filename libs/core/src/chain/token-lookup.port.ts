/** What the chain itself says about a model, whatever the ledger knows. */
export abstract class TokenLookup {
  /**
   * EIP-55 address of the model's token at the newest block; null when it has none.
   *
   * @throws HoldError `rpc_unavailable` when the chain cannot be asked
   */
  abstract tokenOf(modelId: string): Promise<string | null>;
}
