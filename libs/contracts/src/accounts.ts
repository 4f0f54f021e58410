import { getAddress, isAddress } from 'ethers';

/** Returns the EIP-55 form, or null when the text is no address or has a wrong checksum. */
export function checksumAddress(text: string): string | null {
  return isAddress(text) ? getAddress(text) : null;
}
