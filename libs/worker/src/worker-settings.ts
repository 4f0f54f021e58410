import type { DeploymentRecord, ModelIdRule } from '#core';

/** What the use case needs to know of the configuration. Provided by the application. */
export abstract class WorkerSettings {
  abstract readonly queueName: string;
  /** Name of this process in dead letters. */
  abstract readonly worker: string;
  /** Longest wait for a message. */
  abstract readonly pollIntervalMs: number;
  abstract readonly leaseDurationMs: number;
  abstract readonly claimBatch: number;
  abstract readonly maxMessagesInFlight: number;
  abstract readonly maxMessageBytes: number;
  abstract readonly maxRetriesCap: number;
  abstract readonly maxStalls: number;
  /** Percent. */
  abstract readonly minImprovementPercentage: number;
  abstract readonly network: string;
  abstract readonly chainId: number;
  /** Address of the contract that deploys tokens. */
  abstract readonly contract: string;
  /** What that contract asks of a model id; null where any will do. */
  abstract readonly modelIdRule: ModelIdRule | null;
  /** ERC-20 name of a record's token. */
  abstract nameOf(record: DeploymentRecord): string;
}
