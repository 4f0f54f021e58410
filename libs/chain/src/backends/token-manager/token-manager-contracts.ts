import type { TokenManagerConfig } from '#config';
import type { DeploymentRecord, ModelIdRule, TokenContracts } from '#core';

/** Largest value of the registry's `uint256` model ids. */
const MAX_MODEL_ID = 2n ** 256n - 1n;
const CANONICAL_INTEGER = /^[1-9][0-9]{0,77}$/;

/**
 * The registry counts models by number and the manager by text: "21" and "021" would be two tokens of one model. So only
 * the shortest way to write a number is one.
 */
export const MODEL_ID_RULE: ModelIdRule = {
  expectation: 'be a whole number from 1 to 2^256 - 1 in decimal digits without a leading zero',
  accepts: (modelId) => CANONICAL_INTEGER.test(modelId) && BigInt(modelId) <= MAX_MODEL_ID,
};

/** The ERC-20 name that the platform gives to tokens of these contracts. */
export function tokenManagerTokenName({ modelId }: Pick<DeploymentRecord, 'modelId'>): string {
  return `Hokusai ${modelId}`;
}

/** The manager keeps one token per model id. */
export function tokenManagerContracts({ managerAddress }: TokenManagerConfig): TokenContracts {
  return { contract: managerAddress, modelIdRule: MODEL_ID_RULE, nameOf: tokenManagerTokenName };
}
