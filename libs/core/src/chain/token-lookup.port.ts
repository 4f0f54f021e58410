/** Looks up tokens on the chain, without the ledger. */
export abstract class TokenLookup {
  /**
   * EIP-55 address of the model's token at the newest block; null when it has none.
   *
   * @throws HoldError `rpc_unavailable`
   */
  abstract tokenOf(modelId: string): Promise<string | null>;
}
