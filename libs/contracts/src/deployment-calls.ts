import type { DeploymentRecord } from '#core';
import { Result, ZeroAddress } from 'ethers';
import { factoryInterface } from './artifacts.js';

/** What the factory is asked for. */
export interface TokenDeployment {
  readonly record: DeploymentRecord;
  /** Null for a model without a run. Stands in the event only; it is no part of the record. */
  readonly mlflowRunId: string | null;
}

/** `created`: by this call; `existing`: it was there with the same record; `conflict`: with another one. */
type DeployStatus = 'created' | 'existing' | 'conflict';

/** The model's token and what became of one deployment. */
export interface DeployOutcome {
  /** EIP-55. */
  readonly tokenAddress: string;
  readonly status: DeployStatus;
}

/** Order of the contract's `Status`. */
const STATUSES: readonly DeployStatus[] = ['created', 'existing', 'conflict'];

/** Calldata that deploys one token. The call reverts with `ModelConflict` when the model has another record. */
export function encodeDeploy(deployment: TokenDeployment): string {
  return factoryInterface.encodeFunctionData('deploy', [argumentsOf(deployment)]);
}

/** Calldata that deploys many. Conflicts are left out and reported; an invalid record reverts the whole call. */
export function encodeDeployBatch(deployments: readonly TokenDeployment[]): string {
  return factoryInterface.encodeFunctionData('deployBatch', [deployments.map(argumentsOf)]);
}

/** @throws when the data is not what `deploy` returns */
export function decodeDeployResult(returnData: string): DeployOutcome {
  return outcomeOf(factoryInterface.decodeFunctionResult('deploy', returnData));
}

/**
 * One outcome for each deployment, in their order.
 *
 * @throws when the data is not what `deployBatch` returns
 */
export function decodeDeployBatchResult(returnData: string): readonly DeployOutcome[] {
  const outcomes: unknown = factoryInterface.decodeFunctionResult('deployBatch', returnData)[0];
  return outcomes instanceof Result ? outcomes.map(outcomeOf) : [];
}

function argumentsOf({ record, mlflowRunId }: TokenDeployment): readonly unknown[] {
  return [
    record.modelId,
    record.tokenSymbol,
    record.metricName,
    record.baselineValue,
    record.currentValue,
    record.contributor ?? ZeroAddress,
    mlflowRunId ?? '',
  ];
}

function outcomeOf(result: Result): DeployOutcome {
  const status = STATUSES[Number(result['status'])];
  if (status === undefined) throw new Error(`the factory answered an unknown status ${String(result['status'])}`);
  return { tokenAddress: String(result['token']), status };
}
