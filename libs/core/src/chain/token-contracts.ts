import type { DeploymentRecord } from '../jobs/deployment-record.js';

/** A model id rule of the contracts, beyond the platform's. */
export interface ModelIdRule {
  /** Completes the sentence "the model id must ...". */
  readonly expectation: string;
  accepts(modelId: string): boolean;
}

/** Facts about the configured contracts that do not depend on their family. */
export interface TokenContracts {
  /** Address of the contract that keeps one token per model id. */
  readonly contract: string;
  /** Null when any model id is valid. */
  readonly modelIdRule: ModelIdRule | null;
  /** ERC-20 name of a record's token. */
  nameOf(record: DeploymentRecord): string;
}
