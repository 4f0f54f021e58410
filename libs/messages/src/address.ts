import { getAddress } from 'ethers/address';

const HEX_ADDRESS = /^(?:0x)?([0-9a-f]{40})$/i;
const ZERO = /^0+$/;

/** An address that has passed the check, in EIP-55 form. A class, so that no JSON value can pass for it. */
export class EvmAddress {
  constructor(readonly checksummed: string) {}
}

/**
 * Twenty bytes in hex, with or without `0x`, all in one case or with the right EIP-55 checksum, as an `EvmAddress`.
 * Nobody (null) for the empty string, which Python producers treat like None, and for the zero address, which is how a
 * contract spells nobody. Other values are returned as they are.
 */
export function readAddress(value: unknown): unknown {
  if (value === '') return null;
  const digits = typeof value === 'string' ? HEX_ADDRESS.exec(value)?.[1] : undefined;
  if (digits === undefined) return value;
  if (ZERO.test(digits)) return null;
  try {
    return new EvmAddress(getAddress(`0x${isOneCase(digits) ? digits.toLowerCase() : digits}`));
  } catch {
    return value;
  }
}

function isOneCase(digits: string): boolean {
  return digits === digits.toLowerCase() || digits === digits.toUpperCase();
}
