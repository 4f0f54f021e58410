import { inspect } from 'node:util';
import { HoldError } from '#core';
import { SignerMismatchError, SignerUnavailableError } from './signer.errors.js';
import type { SigningAccount, SigningPolicy } from './signing-policy.js';
import type { TransactionSigner } from './transaction-signer.js';
import type { SignedTransaction, UnsignedTransaction } from './unsigned-transaction.js';
import { verifySigned } from './verify-signed.js';

/**
 * Signs with one deployer key what the policy permits, and nothing else. Verifies that the signer signed exactly that
 * before anyone sees the bytes. The signer cannot be read back, logged or serialized (S1).
 */
export class PolicySigner {
  readonly #signer: TransactionSigner;
  readonly #policy: SigningPolicy;
  readonly #timeoutMs: number;
  /** EIP-55 address. */
  readonly address: string;
  /** URI of the signer without secrets. */
  readonly name: string;

  constructor(signer: TransactionSigner, policy: SigningPolicy, timeoutMs: number) {
    this.#policy = policy;
    this.#signer = signer;
    this.#timeoutMs = timeoutMs;
    this.address = signer.address;
    this.name = signer.name;
  }

  get chainId(): number {
    return this.#policy.chainId;
  }

  /** @throws HoldError `policy_violation`; `insufficient_funds`; `signer_unavailable` */
  async sign(transaction: UnsignedTransaction, account: SigningAccount): Promise<SignedTransaction> {
    this.#policy.check(transaction, this.address, account);
    const bytes = await this.ask(transaction);
    try {
      return verifySigned(transaction, this.address, bytes);
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  /**
   * Signs a transaction that no chain executes, to verify address and permission of the key.
   *
   * @throws HoldError `signer_unavailable`
   */
  async verifyKey(): Promise<void> {
    const transaction: UnsignedTransaction = {
      chainId: this.chainId,
      nonce: Number.MAX_SAFE_INTEGER,
      fee: { kind: 'eip1559', maxFeePerGas: 1n, maxPriorityFeePerGas: 1n },
      gasLimit: 21_000n,
      to: this.address,
      value: 0n,
      data: '0x',
    };
    await this.sign(transaction, { balance: 2n ** 256n, reserved: 0n, nonce: transaction.nonce });
  }

  toJSON(): string {
    return this.address;
  }

  [inspect.custom](): string {
    return `PolicySigner ${this.address}`;
  }

  /** Waits no longer than the time limit, even for a signer that ignores the signal. */
  private async ask(transaction: UnsignedTransaction): Promise<Uint8Array> {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`no answer within ${this.#timeoutMs / 1000} s`));
        controller.abort();
      }, this.#timeoutMs);
    });
    try {
      return await Promise.race([this.#signer.sign(transaction, controller.signal), timeout]);
    } catch (error) {
      throw this.unavailable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  private unavailable(error: unknown): HoldError {
    if (error instanceof HoldError) return error;
    if (error instanceof SignerMismatchError)
      return new SignerUnavailableError(this.name, `it returned ${error.message}`, { cause: error });
    return new SignerUnavailableError(this.name, error instanceof Error ? error.message : 'it fails', { cause: error });
  }
}
