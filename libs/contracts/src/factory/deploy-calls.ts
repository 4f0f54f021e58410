import type { DeploymentRecord } from '#core';
import { getAddress, ZeroAddress } from 'ethers';
import { addressWord, signedWord, textWords, WORD, word, withOffsets, wordsOf } from '../abi-words.js';
import { SELECTORS } from '../selectors.js';

/** Argument of a deployment. */
export interface TokenDeployment {
  readonly record: DeploymentRecord;
  /** Null for a model without a run. Only in the event, not in the record. */
  readonly mlflowRunId: string | null;
}

/** `created`: by this call; `existing`: with the same record; `conflict`: with another record. */
type DeployStatus = 'created' | 'existing' | 'conflict';

/** Result of one deployment. */
export interface DeployOutcome {
  /** EIP-55. */
  readonly tokenAddress: string;
  readonly status: DeployStatus;
}

/** In the order of the contract's `Status`. */
const STATUSES: readonly DeployStatus[] = ['created', 'existing', 'conflict'];

/** Encodes the deployment of one token. The call reverts with `ModelConflict` when the model has another record. */
export function encodeDeploy(deployment: TokenDeployment): string {
  return SELECTORS.deploy + withOffsets([encodeDeployment(deployment)]);
}

/** Encodes the deployment of many tokens. The call skips and reports conflicts; an invalid record reverts it. */
export function encodeDeployBatch(deployments: readonly TokenDeployment[]): string {
  return (
    SELECTORS.deployBatch + withOffsets([word(deployments.length) + withOffsets(deployments.map(encodeDeployment))])
  );
}

/** @throws when the data is not what `deploy` returns */
export function decodeDeployResult(returnData: string): DeployOutcome {
  const [outcome, ...others] = decodeOutcomes(wordsOf(returnData));
  if (!outcome || others.length > 0) throw new TypeError('not what deploy returns');
  return outcome;
}

/**
 * Decodes one outcome a deployment, in the same order.
 *
 * @throws when the data is not what `deployBatch` returns
 */
export function decodeDeployBatchResult(returnData: string): readonly DeployOutcome[] {
  const [offset, count, ...words] = wordsOf(returnData);
  if (offset !== word(WORD) || count !== word(words.length / 2)) throw new TypeError('not what deployBatch returns');
  return decodeOutcomes(words);
}

/** Encodes the contract's `Deployment`: four strings behind their offsets, the other fields in place. */
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
