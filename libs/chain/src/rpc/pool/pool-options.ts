/** Options of the RPC pool. */
export interface PoolOptions {
  /** Chain id that endpoints must serve. Null allows any. */
  readonly chainId: number | null;
  /** Maximum lag behind the best endpoint, in blocks. */
  readonly maxLagBlocks: number;
  /** Maximum lag in milliseconds of block time. Also the maximum wait for an endpoint with the latest block. */
  readonly maxLagMs: number;
  /** Blocks below the lowest head at which endpoints must agree. */
  readonly checkpointDepth: number;
  /** Milliseconds between two comparisons of all endpoints. */
  readonly probeIntervalMs: number;
}

export const DEFAULT_POOL_OPTIONS: PoolOptions = {
  chainId: null,
  maxLagBlocks: 5,
  maxLagMs: 60_000,
  checkpointDepth: 8,
  probeIntervalMs: 10_000,
};

/** Checkpoint depth for `safe` and `finalized`: a quarter of an epoch. */
const DEPTH_WITH_TAG = 8;

/** Returns half of the confirmations, so that a fork is detected before a block of it is final. */
export function checkpointDepth(confirmations: number | 'safe' | 'finalized'): number {
  return typeof confirmations === 'number' ? Math.floor(confirmations / 2) : DEPTH_WITH_TAG;
}
