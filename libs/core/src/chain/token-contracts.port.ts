import type { DeploymentRecord } from '../jobs/deployment-record.js';

/** What contracts ask of model ids beyond the platform's own rules. */
export interface ModelIdRule {
  /** Completes the sentence "the model id must ...". */
  readonly expectation: string;
  accepts(modelId: string): boolean;
}

/** What everybody has to know about the contracts behind the token backend, whatever they are. */
export interface TokenContracts {
  /** Address of the contract that keeps one token per model id. */
  readonly contract: string;
  /** Null where any model id will do. */
  readonly modelIdRule: ModelIdRule | null;
  /** ERC-20 name of a record's token. */
  nameOf(record: DeploymentRecord): string;
}
