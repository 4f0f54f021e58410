import { keccak256, Signature, SigningKey, computeAddress, toBeHex } from 'ethers';
import { SignerMismatchError } from './signer.errors.js';
import { CURVE_ORDER } from './signers/curve.js';
import { decodeSigned, digestOf, type EcdsaSignature, encodeSigned, fieldsOf } from './transaction-encoding.js';
import type { SignedTransaction, UnsignedTransaction } from './unsigned-transaction.js';

/**
 * Verifies that `bytes` are the transaction that was asked for, field by field, with a signature of `address`.
 *
 * @param address EIP-55
 * @throws SignerMismatchError naming what differs
 */
export function verifySigned(asked: UnsignedTransaction, address: string, bytes: Uint8Array): SignedTransaction {
  const { fields, signature } = decode(asked, bytes);
  const changed = [...fieldsOf(asked)].find(([name, value]) => fields.get(name)?.equals(value) !== true);
  if (changed !== undefined) throw new SignerMismatchError(`a transaction with another ${changed[0]} than asked for`);
  if (signature.s > CURVE_ORDER / 2n) throw new SignerMismatchError('a signature with a high s, which nodes refuse');
  const signer = recoverAddress(digestOf(asked), signature);
  if (signer !== address)
    throw new SignerMismatchError(`a signature of ${signer ?? 'no account'} instead of ${address}`);
  // The same fields and signature, in another form: a length with leading zeros, for one.
  if (!Buffer.from(encodeSigned(asked, signature)).equals(bytes))
    throw new SignerMismatchError('a transaction that is not in canonical form');
  return { hash: keccak256(bytes), raw: `0x${Buffer.from(bytes).toString('hex')}` };
}

/** Returns the EIP-55 address of the key that signed the digest; null for an impossible signature. */
export function recoverAddress(digest: string, { r, s, yParity }: EcdsaSignature): string | null {
  try {
    const signature = Signature.from({ r: toBeHex(r, 32), s: toBeHex(s, 32), yParity });
    return computeAddress(SigningKey.recoverPublicKey(digest, signature));
  } catch {
    return null;
  }
}

function decode(asked: UnsignedTransaction, bytes: Uint8Array): ReturnType<typeof decodeSigned> {
  try {
    return decodeSigned(asked, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw new SignerMismatchError(`bytes that are not the transaction asked for: ${reason}`, { cause: error });
  }
}
