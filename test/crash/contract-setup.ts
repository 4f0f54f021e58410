import type { Transaction } from 'ethers';
import type { DeploymentRequest, TransactionKind } from '#core';

/** A transaction that brings a model nearer to its token. */
export type Step = TransactionKind;

/** The contracts that one crew works with: how it is told of them, what others do there, and what stands there. */
export abstract class ContractSetup {
  /** Each model passes them in this order, one transaction after the other. */
  abstract readonly steps: readonly Step[];
  /** What a ledger of these contracts is named after. */
  abstract readonly address: string;
  /** Settings of the service. */
  abstract readonly environment: Readonly<Record<string, string>>;

  /** Returns the id of a new model. @param name where the contracts take a name */
  abstract newModelId(name: string): string;

  abstract stepOf(transaction: Transaction): Step;

  /** Executes the remaining steps of a request with an account whose tokens the replicas adopt. */
  abstract deployAsTrusted(request: DeploymentRequest): Promise<void>;

  /** Executes a conflicting transaction of another account in this step. */
  abstract deployConflicting(request: DeploymentRequest, step: Step): Promise<void>;

  /**
   * What is wrong with the token of a request, and with the job that the ledger keeps of it.
   *
   * @param token what the job says of it
   */
  abstract tokenViolations(request: DeploymentRequest, token: string): Promise<readonly string[]>;

  /** What is wrong with all that ever happened to these contracts. @param spent transactions that the crew paid for */
  abstract historyViolations(spent: number): Promise<readonly string[]>;

  abstract close(): void;
}
