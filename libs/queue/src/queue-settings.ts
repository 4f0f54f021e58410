/** What the adapters of one queue need to know. Satisfied by `QueueConfig`. */
export interface QueueSettings {
  /** The list that the producer pushes to. */
  readonly queueName: string;
  /** Milliseconds after which a message that another consumer left in processing returns to the queue. */
  readonly processingTimeoutMs: number;
  /** Milliseconds that a claimed message stays with a holder who shows no sign of life. */
  readonly leaseDurationMs: number;
  /** True in Redis Cluster, see `queueKeys`. */
  readonly braced?: boolean;
}
