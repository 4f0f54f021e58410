import type { ReplicaWait } from '#redis';

/** Options of one ledger. */
export interface LedgerOptions {
  /** The producer's list, such as `hokusai:model_ready_queue`. */
  readonly queueName: string;
  /** List of published events. In Redis Cluster it must share the hash slot of the queue. */
  readonly deployedQueueName: string;
  /** Second list of events. Default: none. */
  readonly deployedFullQueueName?: string | null;
  readonly chainId: number;
  /** Address of the contract that keeps one token per model id. */
  readonly contract: string;
  /** Owner name in lane leases; unique per replica. */
  readonly owner: string;
  /** Replicas that must hold an attempt before it is sent, and the timeout. Default: none. */
  readonly replicas?: ReplicaWait;
  /** True in Redis Cluster. */
  readonly braced?: boolean;
}
