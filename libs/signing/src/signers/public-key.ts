import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { computeAddress } from 'ethers';

/**
 * Returns the EIP-55 address of a public key.
 *
 * @param key SubjectPublicKeyInfo in DER or PEM
 * @throws Error for a key of another curve
 */
export function addressOfPublicKey(key: Uint8Array | string): string {
  const isPem = typeof key === 'string';
  const parsed: KeyObject = createPublicKey(isPem ? key : { key: Buffer.from(key), format: 'der', type: 'spki' });
  return addressOfJwk(parsed.export({ format: 'jwk' }));
}

/** Returns the EIP-55 address of a public key. @throws Error for a key of another curve */
export function addressOfJwk({ crv, x, y }: JsonWebKey): string {
  // Azure writes the first name, or the second in its oldest API version.
  if (!['secp256k1', 'P-256K', 'SECP256K1'].includes(crv ?? '') || x === undefined || y === undefined)
    throw new Error(`its key is not of secp256k1 but of ${crv ?? 'no curve'}`);
  const point = [x, y].map((each) => Buffer.from(each, 'base64url').toString('hex').padStart(64, '0'));
  return computeAddress(`0x04${point.join('')}`);
}
