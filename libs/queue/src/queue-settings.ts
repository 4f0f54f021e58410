/** Settings of the queue adapters. `QueueConfig` satisfies them. */
export interface QueueSettings {
  /** Name of the producer's list. */
  readonly queueName: string;
  /** Milliseconds before a message without a lease is requeued from processing. */
  readonly processingTimeoutMs: number;
  /** Lease duration of a claimed message in milliseconds. */
  readonly leaseDurationMs: number;
  /** True in Redis Cluster, see `queueKeys`. */
  readonly braced?: boolean;
}
