import { formatEther, formatUnits } from 'ethers';
import { HoldError } from '#core';
import type { UnsignedTransaction } from './unsigned-transaction.js';

/** Maximum gas limit of a transaction (EIP-7825). */
export const MAX_TRANSACTION_GAS = 2n ** 24n;

/** A call that a key may sign. */
export interface PermittedCall {
  /** 0x-prefixed address; null creates a contract. */
  readonly to: string | null;
  /** First four bytes of the calldata, 0x-prefixed; null for a transfer without calldata. */
  readonly selector: string | null;
  /** Wei. */
  readonly maxValue: bigint;
}

/** Limits of every signature. */
export interface SigningLimits {
  readonly chainId: number;
  readonly calls: readonly PermittedCall[];
  /** Wei per gas. Also the maximum price of a legacy transaction. */
  readonly maxFeePerGas: bigint;
  /** Wei per gas, for replacements too. */
  readonly maxPriorityFeePerGas: bigint;
  /** Maximum of gas limit × maximum fee, wei. */
  readonly maxTransactionCost: bigint;
  /** Balance that is never spent, wei. */
  readonly minBalance: bigint;
  /** Whether the chain has a base fee that transactions must name a cap for. A node that hides it gets no legacy transaction. */
  readonly refusesLegacy: () => boolean;
}

/** State of the signing account. */
export interface SigningAccount {
  /** Wei. */
  readonly balance: bigint;
  /** Maximum cost of the other transactions that are signed and not mined, wei. */
  readonly reserved: bigint;
  /** Nonce that the journal has for this transaction. Null: there is no journal. */
  readonly nonce: number | null;
}

/** Decides what the deployer keys sign. Nodes, Redis and messages influence a transaction, but not these limits. */
export class SigningPolicy {
  constructor(private readonly limits: SigningLimits) {}

  get chainId(): number {
    return this.limits.chainId;
  }

  /**
   * Checks a transaction that `sender` is about to sign.
   *
   * @param sender EIP-55 address; a transfer of zero to itself, which fills a nonce, is permitted
   * @throws HoldError `policy_violation` naming value and limit; `insufficient_funds`
   */
  check(transaction: UnsignedTransaction, sender: string, account: SigningAccount): void {
    const violation = this.findViolation(transaction, sender, account.nonce);
    if (violation !== null) throw new HoldError('policy_violation', `${sender} does not sign ${violation}`);
    const { gasLimit, fee, value } = transaction;
    const { minBalance } = this.limits;
    const needed = account.reserved + gasLimit * fee.maxFeePerGas + value + minBalance;
    if (account.balance >= needed) return;
    const floor = minBalance === 0n ? '' : `, of which MIN_BALANCE_ETHER keeps ${formatEther(minBalance)}`;
    const detail = `${sender} holds ${formatEther(account.balance)} ether and needs ${formatEther(needed)}${floor}`;
    throw new HoldError('insufficient_funds', detail);
  }

  private findViolation(transaction: UnsignedTransaction, sender: string, nonce: number | null): string | null {
    if (nonce !== null && transaction.nonce !== nonce) return `nonce ${transaction.nonce}: the journal has ${nonce}`;
    return this.findCallViolation(transaction, sender) ?? this.findFeeViolation(transaction);
  }

  private findCallViolation({ chainId, to, data, value }: UnsignedTransaction, sender: string): string | null {
    if (chainId !== this.limits.chainId) return `for chain ${chainId}: CHAIN_ID is ${this.limits.chainId}`;
    const selector = data === '0x' ? null : data.slice(0, 10).toLowerCase();
    const call = [{ to: sender, selector: null, maxValue: 0n }, ...this.limits.calls].find((permitted) => {
      return (
        permitted.to?.toLowerCase() === to?.toLowerCase() &&
        permitted.selector?.toLowerCase() === selector?.toLowerCase()
      );
    });
    if (call === undefined)
      return `a call of ${selector ?? 'nothing'} at ${to ?? 'a new contract'}: it is not permitted`;
    if (value <= call.maxValue) return null;
    return `a transfer of ${formatEther(value)} ether to ${to}: the maximum is ${formatEther(call.maxValue)}`;
  }

  private findFeeViolation({ gasLimit, fee }: UnsignedTransaction): string | null {
    const { maxFeePerGas, maxPriorityFeePerGas, maxTransactionCost, refusesLegacy } = this.limits;
    const cost = gasLimit * fee.maxFeePerGas;
    if (gasLimit > MAX_TRANSACTION_GAS) return `a gas limit of ${gasLimit}: the maximum is ${MAX_TRANSACTION_GAS}`;
    if (fee.maxFeePerGas > maxFeePerGas)
      return `a fee of ${gwei(fee.maxFeePerGas)} gwei: MAX_FEE_PER_GAS_GWEI is ${gwei(maxFeePerGas)}`;
    if (cost > maxTransactionCost)
      return `a cost of ${formatEther(cost)} ether: MAX_TRANSACTION_COST_ETHER is ${formatEther(maxTransactionCost)}`;
    if (fee.kind === 'legacy') return refusesLegacy() ? 'a legacy transaction: the chain has a base fee' : null;
    const tip = gwei(fee.maxPriorityFeePerGas);
    if (fee.maxPriorityFeePerGas > fee.maxFeePerGas)
      return `a priority fee of ${tip} gwei with a fee of ${gwei(fee.maxFeePerGas)} gwei`;
    if (fee.maxPriorityFeePerGas <= maxPriorityFeePerGas) return null;
    return `a priority fee of ${tip} gwei: MAX_PRIORITY_FEE_PER_GAS_GWEI is ${gwei(maxPriorityFeePerGas)}`;
  }
}

function gwei(wei: bigint): string {
  return formatUnits(wei, 'gwei');
}
