import type { TokenDeployment } from './deploy-calls.js';

/** Of a transaction. */
const BASE_GAS = 21_000n;
/** Of a token whose texts and values are empty. */
const TOKEN_GAS = 56_300n;
const CONTRIBUTOR_GAS = 4_700n;
/** Code, calldata and log of a byte of the record. */
const RECORD_BYTE_GAS = 230n;
/** Calldata and log of a byte of the run id, which is not in the code. */
const RUN_ID_BYTE_GAS = 25n;

/**
 * Gas that the factory needs for these tokens in one transaction: never less than it uses, and some percent more. Holds for
 * the gas schedule of Ethereum; what a rollup charges for its data comes on top.
 */
export function deploymentGas(deployments: readonly TokenDeployment[]): bigint {
  return deployments.reduce((sum, deployment) => sum + tokenGas(deployment), BASE_GAS);
}

/** What a token adds to a transaction. */
export function tokenGas({ record, mlflowRunId }: TokenDeployment): bigint {
  const { modelId, tokenSymbol, metricName, baselineValue, currentValue, contributor } = record;
  const textBytes = Buffer.byteLength(modelId + tokenSymbol + metricName);
  const recordBytes = BigInt(textBytes + valueBytes(baselineValue) + valueBytes(currentValue));
  const runIdBytes = BigInt(Buffer.byteLength(mlflowRunId ?? ''));
  const contributorGas = contributor === null ? 0n : CONTRIBUTOR_GAS;
  return TOKEN_GAS + contributorGas + RECORD_BYTE_GAS * recordBytes + RUN_ID_BYTE_GAS * runIdBytes;
}

/** At most, in two's complement; a value of few digits is stored in less. A negative one fills its word with ones. */
function valueBytes(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  return Math.floor(magnitude.toString(2).length / 8) + (value < 0n ? 3 : 1);
}
