import { type BaseWallet, getAddress, isAddress, Wallet } from 'ethers';

/** The account of a private key, 64 hexadecimal digits after 0x. Without a connection: it signs only. */
export function createWallet(privateKey: string): BaseWallet {
  return new Wallet(privateKey);
}

/** The address in EIP-55 form; null when the text is none, or its checksum is wrong. */
export function checksumAddress(text: string): string | null {
  return isAddress(text) ? getAddress(text) : null;
}
