import { type ErrorDescription, isHexString } from 'ethers';
import { managerInterface } from './interfaces.js';

/** What a refusal of these contracts means for a deployment; `other`: nothing but what its text says. */
type ContractRevertKind = 'token-exists' | 'registered' | 'listed-elsewhere' | 'fee-too-low' | 'not-owner' | 'other';

export interface ContractRevert {
  readonly kind: ContractRevertKind;
  /** For people: the contract's own words, or the name and arguments of its custom error. */
  readonly text: string;
}

/** The wordings of the contracts that are live, and of OpenZeppelin 4 (string) and 5 (custom error) for the owner. */
const MEANINGS: readonly (readonly [RegExp, ContractRevertKind])[] = [
  [/^Token already deployed for this model$/, 'token-exists'],
  [/^Model already registered$/, 'registered'],
  [/^Token already registered$/, 'listed-elsewhere'],
  [/^Insufficient deployment fee$/, 'fee-too-low'],
  [/^Ownable: caller is not the owner$|^OwnableUnauthorizedAccount\(/, 'not-owner'],
];

/**
 * Reads the data of a reverted call to the manager or the registry.
 *
 * @returns null when it is none of their errors, for instance empty as after running out of gas
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
    // A known selector with broken arguments behind it tells no more than an unknown one.
    return null;
  }
}
