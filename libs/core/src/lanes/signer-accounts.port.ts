/** The accounts that this process may sign with; each is a lane. */
export abstract class SignerAccounts {
  /** EIP-55 addresses, in the order of the configuration. */
  abstract readonly addresses: readonly string[];
}
