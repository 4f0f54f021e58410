import { inspect } from 'node:util';
import { computeAddress, SigningKey } from 'ethers';
import { signTransaction } from './sign-transaction.js';
import type { SignerFunds, SigningPolicy } from './signing-policy.js';
import type { SignedTransaction, UnsignedTransaction } from './unsigned-transaction.js';

/**
 * Signs with one deployer key what the policy permits, and nothing else. The key cannot be read back, logged or
 * serialized (S1).
 */
export class PolicySigner {
  readonly #key: SigningKey;
  readonly #policy: SigningPolicy;
  /** EIP-55 address. */
  readonly address: string;

  /** @param privateKey 32 bytes as 0x-prefixed hex */
  constructor(privateKey: string, policy: SigningPolicy) {
    this.#policy = policy;
    this.#key = new SigningKey(privateKey);
    this.address = computeAddress(this.#key);
  }

  get chainId(): number {
    return this.#policy.chainId;
  }

  /** @throws HoldError `policy_violation`; `insufficient_funds` */
  sign(transaction: UnsignedTransaction, funds: SignerFunds): SignedTransaction {
    this.#policy.check(transaction, this.address, funds);
    return signTransaction(transaction, this.#key);
  }

  toJSON(): string {
    return this.address;
  }

  [inspect.custom](): string {
    return `PolicySigner ${this.address}`;
  }
}

/** Returns the EIP-55 address of a key. @param privateKey 32 bytes as 0x-prefixed hex */
export function addressOfKey(privateKey: string): string {
  return computeAddress(privateKey);
}
