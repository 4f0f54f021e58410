import { type ErrorDescription, isHexString } from 'ethers';
import { managerInterface } from './interfaces.js';

/** Meaning of a revert for a deployment. `other`: see its text. */
type ContractRevertKind =
  'token-exists' | 'registered' | 'registered-under-other-model' | 'fee-too-low' | 'not-owner' | 'other';

export interface ContractRevert {
  readonly kind: ContractRevertKind;
  /** Human-readable: the contract's message, or name and arguments of its custom error. */
  readonly text: string;
}

/** Messages of the live contracts, and the owner check of OpenZeppelin 4 (string) and 5 (custom error). */
const MEANINGS: readonly (readonly [RegExp, ContractRevertKind])[] = [
  [/^Token already deployed for this model$/, 'token-exists'],
  [/^Model already registered$/, 'registered'],
  [/^Token already registered$/, 'registered-under-other-model'],
  [/^Insufficient deployment fee$/, 'fee-too-low'],
  [/^Ownable: caller is not the owner$|^OwnableUnauthorizedAccount\(/, 'not-owner'],
];

/**
 * Decodes revert data of the manager or the registry.
 *
 * @returns null for an unknown error, such as empty data after running out of gas
 */
export function decodeContractRevert(data: string): ContractRevert | null {
  const error = isHexString(data) ? parse(data) : null;
  if (error === null) return null;
  const values = [...error.args].map(String);
  const text = error.name === 'Error' ? (values[0] ?? '') : `${error.name}(${values.join(', ')})`;
  return { kind: MEANINGS.find(([wording]) => wording.test(text))?.[1] ?? 'other', text };
}

function parse(data: string): ErrorDescription | null {
  try {
    return managerInterface.parseError(data);
  } catch {
    // A known selector with invalid arguments counts as unknown.
    return null;
  }
}
