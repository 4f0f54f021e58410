import type { QueueHome } from './home/queue-home.js';

/** Settings of the queue adapters. */
export interface QueueSettings {
  /** Name of the producer's list. */
  readonly queueName: string;
  /** Milliseconds before a message without a lease is requeued from processing. */
  readonly processingTimeoutMs: number;
  /** Lease duration of a claimed message in milliseconds. */
  readonly leaseDurationMs: number;
  /** What this process claims for. */
  readonly home: QueueHome;
  /** True in Redis Cluster, see `queueKeys`. */
  readonly braced?: boolean;
}
