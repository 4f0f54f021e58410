/** Wei per gas. A legacy fee has its gas price in both fields. */
export interface Fee {
  readonly kind: 'eip1559' | 'legacy';
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** A transaction without its signature. */
export interface UnsignedTransaction {
  readonly chainId: number;
  readonly nonce: number;
  readonly fee: Fee;
  readonly gasLimit: bigint;
  /** 0x-prefixed address; null creates a contract. */
  readonly to: string | null;
  /** Wei. */
  readonly value: bigint;
  /** 0x-prefixed calldata, or init code. */
  readonly data: string;
}

/** A signed transaction. */
export interface SignedTransaction {
  /** 0x-prefixed Keccak-256 of the bytes. */
  readonly hash: string;
  /** 0x-prefixed bytes for `eth_sendRawTransaction`. */
  readonly raw: string;
}
