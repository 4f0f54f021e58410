import type { HoldReason } from '../common/reasons.js';

/** A condition that blocks processing, as one replica sees it. */
export interface Hold {
  readonly reason: HoldReason;
  /** Human-readable, free of secrets. */
  readonly detail: string;
  /** Unix milliseconds. */
  readonly since: number;
  /** Address of the account whose nonces it blocks; null when it concerns no single lane. */
  readonly lane: string | null;
  /** Whether the replica claims nothing meanwhile. */
  readonly pauses: boolean;
}

/** The holds of one replica. */
export interface ReplicaHolds {
  /** Unique name of the process. */
  readonly replica: string;
  /** Whether it waits for a lane that another replica works. */
  readonly standby: boolean;
  readonly holds: readonly Hold[];
}

/** How far a hold reaches: every replica pauses, some do, or a lane or loop works without claims being paused. */
export const HOLD_SCOPES = ['service', 'replica', 'part'] as const;

/** A hold as any replica shows it. */
export interface ClusterHold extends Hold {
  readonly scope: (typeof HOLD_SCOPES)[number];
  /** Names of the replicas that have it. */
  readonly replicas: readonly string[];
}

/** Identifies a hold in the cluster. */
export function holdKey({ reason, lane }: Pick<Hold, 'reason' | 'lane'>): string {
  return `${reason} ${lane ?? ''}`.trimEnd();
}
