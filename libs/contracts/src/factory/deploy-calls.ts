import type { DeploymentRecord } from '#core';
import { getAddress, ZeroAddress } from 'ethers';
import { addressWord, signedWord, textWords, WORD, word, withOffsets, wordsOf } from '../abi-words.js';
import { factoryInterface } from '../artifacts.js';

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

const DEPLOY = selectorOf('deploy');
const DEPLOY_BATCH = selectorOf('deployBatch');

/** Calldata that deploys one token. The call reverts with `ModelConflict` when the model has another record. */
export function encodeDeploy(deployment: TokenDeployment): string {
  return DEPLOY + withOffsets([encodeDeployment(deployment)]);
}

/** Calldata that deploys many. Conflicts are left out and reported; an invalid record reverts the whole call. */
export function encodeDeployBatch(deployments: readonly TokenDeployment[]): string {
  return DEPLOY_BATCH + withOffsets([word(deployments.length) + withOffsets(deployments.map(encodeDeployment))]);
}

/** @throws when the data is not what `deploy` returns */
export function decodeDeployResult(returnData: string): DeployOutcome {
  const [outcome, ...others] = decodeOutcomes(wordsOf(returnData));
  if (!outcome || others.length > 0) throw new TypeError('not what deploy returns');
  return outcome;
}

/**
 * One outcome for each deployment, in their order.
 *
 * @throws when the data is not what `deployBatch` returns
 */
export function decodeDeployBatchResult(returnData: string): readonly DeployOutcome[] {
  const [offset, count, ...words] = wordsOf(returnData);
  if (offset !== word(WORD) || count !== word(words.length / 2)) throw new TypeError('not what deployBatch returns');
  return decodeOutcomes(words);
}

/** The contract's `Deployment`: four strings stand behind their offsets, the rest in place. */
function encodeDeployment({ record, mlflowRunId }: TokenDeployment): string {
  const { modelId, tokenSymbol, metricName, baselineValue, currentValue, contributor } = record;
  const texts = [modelId, tokenSymbol, metricName, mlflowRunId ?? ''].map(textWords);
  let offset = 7 * WORD;
  const [idAt, symbolAt, metricAt, runAt] = texts.map((text) => {
    const at = word(offset);
    offset += text.length / 2;
    return at;
  });
  const fixed = [signedWord(baselineValue), signedWord(currentValue), addressWord(contributor ?? ZeroAddress)];
  return [idAt, symbolAt, metricAt, ...fixed, runAt, ...texts].join('');
}

function decodeOutcomes(words: readonly string[]): readonly DeployOutcome[] {
  const outcomes: DeployOutcome[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const status = STATUSES[Number(`0x${words[i + 1]}`)];
    if (status === undefined) throw new TypeError(`the factory answered an unknown status ${words[i + 1]}`);
    outcomes.push({ tokenAddress: getAddress(`0x${words[i]?.slice(-40)}`), status });
  }
  return outcomes;
}

function selectorOf(name: string): string {
  const selector = factoryInterface.getFunction(name)?.selector;
  if (selector === undefined) throw new Error(`the factory has no function ${name}`);
  return selector;
}
