import type { ChainJob, TransactionReceipt } from '#core';

/** What a family of contracts tells of its own past. */
export abstract class TokenHistory {
  /** The jobs whose tokens these final transactions made. */
  abstract madeIn(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]>;

  /** The jobs whose tokens an account made, up to a final block, oldest first, in pages of bounded size. */
  abstract madeBy(account: string, toBlock: number): AsyncIterable<readonly ChainJob[]>;

  /** Whether calldata sent to `to` is one that this service sends. */
  abstract isOurs(to: string | null, data: string): boolean;
}
