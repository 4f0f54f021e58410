/** Keys by which a foreign consumer and the run that watches it talk, beside the queue. */
export const FOREIGN_KEYS = {
  /** SET of ids of messages that were handled with success, by any consumer. */
  handled: 'chaos:handled',
  /** STRING; while it exists, handlers of foreign consumers do not return. */
  hang: 'chaos:hang',
  /** SET of ids of messages whose handlers do not return. */
  hanging: 'chaos:hanging',
} as const;

/** A consumer that speaks to Redis as the one of the platform's integration guide does. */
export interface ForeignConsumer {
  /** As on SIGTERM: finishes the message in hand. */
  stop(): Promise<void>;
  /** As by kill -9. */
  kill(): Promise<void>;
}

export type StartForeignConsumer = (port: number, queue: string) => ForeignConsumer;
