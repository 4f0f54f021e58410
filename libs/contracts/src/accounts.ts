import { type BaseWallet, getAddress, isAddress, Wallet } from 'ethers';

/** Creates an offline wallet. @param privateKey 0x and 64 hexadecimal digits */
export function createWallet(privateKey: string): BaseWallet {
  return new Wallet(privateKey);
}

/** Returns the EIP-55 form, or null when the text is no address or has a wrong checksum. */
export function checksumAddress(text: string): string | null {
  return isAddress(text) ? getAddress(text) : null;
}
