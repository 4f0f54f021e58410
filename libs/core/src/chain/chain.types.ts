/** A log of a transaction, as JSON-RPC gives it. */
export interface TransactionLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly transactionHash: string;
  readonly blockNumber: number;
}

export interface TransactionReceipt {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly from: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** Effective gas price, wei per gas. */
  readonly gasPrice: bigint;
  /** L1 data fee of a rollup in wei; zero on other chains. */
  readonly layerOneFee: bigint;
  readonly logs: readonly TransactionLog[];
}

export interface Block {
  readonly number: number;
  readonly hash: string;
  /** Hash of the block before it; null when the node does not say. */
  readonly parentHash: string | null;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Wei; null before EIP-1559. */
  readonly baseFeePerGas: bigint | null;
  readonly gasLimit: bigint;
}
