import { getAddress } from 'ethers/address';

const HEX_ADDRESS = /^(?:0x)?([0-9a-f]{40})$/i;
const ZERO = /^0+$/;

/** Contributors come back, and a checksum (Keccak in JavaScript) costs as much as all the rest of a message. */
const recent = new Map<string, EvmAddress>();
const MAX_RECENT = 1_000;

/** An address that has passed the check, in EIP-55 form. A class, so that no JSON value can pass for it. */
export class EvmAddress {
  constructor(readonly checksummed: string) {}
}

/**
 * Twenty bytes in hex, with or without `0x`, all in one case or with the right EIP-55 checksum, as an `EvmAddress`.
 * Null for the empty string, which Python producers treat like None, and for the zero address, which is how a
 * contract encodes "no address". Other values are returned as they are.
 */
export function readAddress(value: unknown): unknown {
  if (value === '') return null;
  const digits = typeof value === 'string' ? HEX_ADDRESS.exec(value)?.[1] : undefined;
  if (digits === undefined) return value;
  if (ZERO.test(digits)) return null;
  const address = recent.get(digits) ?? checked(digits);
  return address ?? value;
}

/** Null when the digits are in mixed case and the checksum is wrong. */
function checked(digits: string): EvmAddress | null {
  try {
    const lower = digits.toLowerCase();
    const isOneCase = digits === lower || digits === digits.toUpperCase();
    const address = new EvmAddress(getAddress(`0x${isOneCase ? lower : digits}`));
    if (recent.size >= MAX_RECENT) recent.clear();
    recent.set(digits, address);
    return address;
  } catch {
    return null;
  }
}
