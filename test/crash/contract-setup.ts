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

  /** The id of a model that nobody has heard of. @param name where the contracts take a name */
  abstract newModelId(name: string): string;

  abstract stepOf(transaction: Transaction): Step;

  /** Somebody whose work the crew may adopt does what a request asks for, as far as it is not done. */
  abstract deployAsTrusted(request: DeploymentRequest): Promise<void>;

  /** Somebody does in this step what makes the request impossible. */
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
