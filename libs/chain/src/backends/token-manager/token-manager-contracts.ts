import type { TokenManagerConfig } from '#config';
import type { DeploymentRecord, ModelIdRule, TokenContracts } from '#core';

/** Maximum of the registry's `uint256` model ids. */
const MAX_MODEL_ID = 2n ** 256n - 1n;
const CANONICAL_INTEGER = /^[1-9][0-9]{0,77}$/;

/** The registry keys models by number, the manager by text: "21" and "021" would be two tokens of one model. */
export const MODEL_ID_RULE: ModelIdRule = {
  expectation: 'be a whole number from 1 to 2^256 - 1 in decimal digits without a leading zero',
  accepts: (modelId) => CANONICAL_INTEGER.test(modelId) && BigInt(modelId) <= MAX_MODEL_ID,
};

/** Returns the ERC-20 name of a model's token. */
export function tokenManagerTokenName({ modelId }: Pick<DeploymentRecord, 'modelId'>): string {
  return `Hokusai ${modelId}`;
}

/** Describes the contracts of the TokenManager backend. */
export function tokenManagerContracts({ managerAddress }: TokenManagerConfig): TokenContracts {
  return { contract: managerAddress, modelIdRule: MODEL_ID_RULE, nameOf: tokenManagerTokenName };
}
