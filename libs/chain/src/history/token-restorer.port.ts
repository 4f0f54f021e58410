import type { ChainJob, TransactionReceipt } from '#core';

/** What a family of contracts tells of its own past. */
export abstract class TokenRestorer {
  /** The jobs whose tokens these final transactions made. */
  abstract jobsFromReceipts(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]>;

  /** The jobs whose tokens an account made, up to a final block, oldest first, in pages of bounded size. */
  abstract jobsOfDeployer(account: string, toBlock: number): AsyncIterable<readonly ChainJob[]>;

  /** Whether calldata sent to `to` is one that this service sends. */
  abstract isOwnCall(to: string | null, data: string): boolean;
}
