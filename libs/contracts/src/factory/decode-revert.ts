import { type ErrorDescription, isError, isHexString } from 'ethers';
import { factoryInterface } from '../artifacts.js';

/** A decoded custom error, `Error(string)` or `Panic(uint256)`. */
export interface Revert {
  readonly name: string;
  readonly args: readonly string[];
}

/**
 * Decodes revert data.
 *
 * @returns null for an unknown error, such as empty data after running out of gas
 */
export function decodeRevert(data: string): Revert | null {
  if (!isHexString(data)) return null;
  const error = parse(data);
  return error === null ? null : { name: error.name, args: [...error.args].map(String) };
}

function parse(data: string): ErrorDescription | null {
  try {
    return factoryInterface.parseError(data);
  } catch (error) {
    // A known selector with invalid arguments counts as unknown.
    if (isError(error, 'BUFFER_OVERRUN') || isError(error, 'BAD_DATA') || isError(error, 'INVALID_ARGUMENT'))
      return null;
    throw error;
  }
}
