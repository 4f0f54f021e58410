import type { DeploymentRecord, ModelIdRule } from '#core';
import type { AllowList } from '#messages';

/** Settings of the worker, provided by the application. */
export abstract class WorkerSettings {
  abstract readonly queueName: string;
  /** Process name in dead letters. */
  abstract readonly worker: string;
  /** Maximum wait for a message in milliseconds. */
  abstract readonly pollIntervalMs: number;
  abstract readonly leaseDurationMs: number;
  abstract readonly claimBatch: number;
  abstract readonly maxMessagesInFlight: number;
  abstract readonly maxMessageBytes: number;
  abstract readonly maxRetriesCap: number;
  abstract readonly maxStalls: number;
  /** Where messages have their model id: `model_id`, `payload.<field>` or `tags.<key>`. */
  abstract readonly modelIdSource: string;
  /** Percent. */
  abstract readonly minImprovementPercentage: number;
  /** By metric name in lower case; overrides the direction that the name's words say. */
  abstract readonly metricDirections: ReadonlyMap<string, 'higher' | 'lower'> | null;
  /** What becomes of a message that no producer has signed. */
  abstract readonly messageSignatures: 'off' | 'warn' | 'require';
  /** Path of the file with the keys of the producers. */
  abstract readonly messageKeysFile: string | null;
  /** What all messages may ask for. */
  abstract readonly allow: AllowList;
  abstract readonly network: string;
  /** Network in events of Hokusai's form; null: events have the full form. */
  abstract readonly hokusaiNetwork: string | null;
  /** Whether a second list gets every event in the full form. */
  abstract readonly hasFullEventList: boolean;
  abstract readonly chainId: number;
  /** Address of the contract that deploys tokens. */
  abstract readonly contract: string;
  /** Model id rule of the contract; null when any id is valid. */
  abstract readonly modelIdRule: ModelIdRule | null;
  /** ERC-20 name of a record's token. */
  abstract nameOf(record: DeploymentRecord): string;
}
