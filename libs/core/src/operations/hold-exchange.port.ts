import type { ReplicaHolds } from './hold.types.js';

export interface SharedHolds {
  /** All replicas that are alive, this one included. */
  readonly replicas: readonly ReplicaHolds[];
  /** Unix milliseconds of the Redis clock at which each hold began, by `holdKey`. Kept over restarts. */
  readonly since: ReadonlyMap<string, number>;
}

/** Shares the holds of the replicas. */
export abstract class HoldExchange {
  /**
   * Replaces the holds of this replica and returns those of all. What a replica has not replaced for 15 seconds is gone:
   * it is dead.
   *
   * @param ended keys of the holds that this replica has ended since the last exchange
   */
  abstract exchange(own: ReplicaHolds, ended: readonly string[]): Promise<SharedHolds>;
}
