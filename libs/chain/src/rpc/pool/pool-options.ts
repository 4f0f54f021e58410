/** How the pool judges its endpoints. */
export interface PoolOptions {
  /** The only chain whose endpoints are used; null: whichever they serve. */
  readonly chainId: number | null;
  /** How far an endpoint may be behind the best one, … */
  readonly maxLagBlocks: number;
  /** … and in milliseconds of block time. Also how long the pool waits for an endpoint that has seen the newest block. */
  readonly maxLagMs: number;
  /** Blocks below the lowest head at which endpoints must agree. */
  readonly settledDepth: number;
  /** Milliseconds between two looks at all endpoints. */
  readonly probeIntervalMs: number;
}

export const DEFAULT_POOL_OPTIONS: PoolOptions = {
  chainId: null,
  maxLagBlocks: 5,
  maxLagMs: 60_000,
  settledDepth: 8,
  probeIntervalMs: 10_000,
};

/** Endpoints named `safe` or `finalized` as final are compared a quarter of an epoch below the head. */
const DEPTH_WITH_TAG = 8;

/** Half of what counts as final: a fork shows before anything on it is taken for final. */
export function settledDepth(confirmations: number | 'safe' | 'finalized'): number {
  return typeof confirmations === 'number' ? Math.floor(confirmations / 2) : DEPTH_WITH_TAG;
}
