import type { ReplicaWait } from '#redis';

/** What one ledger belongs to. */
export interface LedgerOptions {
  /** List that the producer pushes to, such as `hokusai:model_ready_queue`. */
  readonly queueName: string;
  /** List that `token_deployed` events go to. In Redis Cluster it must share the slot of the queue. */
  readonly deployedQueueName: string;
  readonly chainId: number;
  /** Address of the contract that keeps one token per model id. */
  readonly contract: string;
  /** Names this process among those that share the lanes; a restart may change it, two replicas must never share it. */
  readonly owner: string;
  /** Replicas that must have an attempt before it is sent, and how long they have for that; none without. */
  readonly replicas?: ReplicaWait;
  /** True in Redis Cluster. */
  readonly braced?: boolean;
}
