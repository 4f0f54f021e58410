import type { ChainJob, TransactionReceipt } from '#core';

/** Restores jobs from tokens on chain. Implemented by each token backend. */
export abstract class TokenRestorer {
  /** Returns the jobs whose tokens these final transactions deployed. */
  abstract jobsFromReceipts(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]>;

  /** Yields the jobs whose tokens `account` deployed up to the final block `toBlock`, oldest first. */
  abstract jobsOfDeployer(account: string, toBlock: number): AsyncIterable<readonly ChainJob[]>;

  /** Whether this service sends such a call. */
  abstract isOwnCall(to: string | null, data: string): boolean;
}
