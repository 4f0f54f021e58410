/** The signer accounts of this process, one lane each. */
export abstract class SignerAccounts {
  /** EIP-55 addresses, in configuration order. */
  abstract readonly addresses: readonly string[];
}
