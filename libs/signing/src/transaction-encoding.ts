import { RLP } from '@ethereumjs/rlp';
import { keccak256 } from 'ethers';
import type { UnsignedTransaction } from './unsigned-transaction.js';

/** EIP-2718 type of an EIP-1559 transaction. */
const DYNAMIC_FEE = 2;

/** ECDSA signature of a digest. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
  readonly yParity: 0 | 1;
}

type RlpField = Exclude<Parameters<typeof RLP.encode>[0], undefined>;

/** Returns the Keccak-256 that a signature of the transaction signs: EIP-1559, or EIP-155 for a legacy fee. */
export function digestOf(transaction: UnsignedTransaction): string {
  const fields = unsignedFields(transaction);
  if (transaction.fee.kind === 'eip1559') return keccak256(typed(RLP.encode(fields)));
  return keccak256(RLP.encode([...fields, transaction.chainId, 0, 0]));
}

/** Serializes a signed transaction. Takes 2 ms for 51 kB, ethers 50 (ADR 10). */
export function encodeSigned(transaction: UnsignedTransaction, { r, s, yParity }: EcdsaSignature): Uint8Array {
  const fields = unsignedFields(transaction);
  if (transaction.fee.kind === 'eip1559') return typed(RLP.encode([...fields, yParity, r, s]));
  return RLP.encode([...fields, legacyOffset(transaction) + BigInt(yParity), r, s]);
}

/** RLP of the fields of a transaction, by their names in the JSON-RPC API. */
export type EncodedFields = ReadonlyMap<string, Buffer>;

/**
 * Decodes a signed transaction of the same type as `asked`.
 *
 * @throws Error for other bytes
 */
export function decodeSigned(
  asked: UnsignedTransaction,
  bytes: Uint8Array,
): { readonly fields: EncodedFields; readonly signature: EcdsaSignature } {
  const isTyped = asked.fee.kind === 'eip1559';
  if (isTyped && bytes[0] !== DYNAMIC_FEE) throw new Error(`its type is not ${DYNAMIC_FEE}`);
  const items = RLP.decode(isTyped ? bytes.subarray(1) : bytes);
  const names = fieldNames(asked);
  if (!Array.isArray(items) || items.length !== names.length + 3) throw new Error('it has another number of fields');
  const [v = 0n, r = 0n, s = 0n] = items.slice(names.length).map((item) => toInteger(item));
  const parity = isTyped ? v : v - legacyOffset(asked);
  if (parity !== 0n && parity !== 1n) throw new Error('its signature is not for this chain');
  return { fields: encodeFields(names, items), signature: { r, s, yParity: parity === 0n ? 0 : 1 } };
}

/** Returns the fields of a transaction without its signature. */
export function fieldsOf(transaction: UnsignedTransaction): EncodedFields {
  return encodeFields(fieldNames(transaction), unsignedFields(transaction));
}

function encodeFields(names: readonly string[], values: readonly RlpField[]): EncodedFields {
  return new Map(names.map((name, index) => [name, Buffer.from(RLP.encode(values[index]))]));
}

function fieldNames({ fee }: UnsignedTransaction): readonly string[] {
  return fee.kind === 'legacy'
    ? ['nonce', 'gasPrice', 'gas', 'to', 'value', 'data']
    : ['chainId', 'nonce', 'maxPriorityFeePerGas', 'maxFeePerGas', 'gas', 'to', 'value', 'data', 'accessList'];
}

function unsignedFields({ chainId, nonce, fee, gasLimit, to, value, data }: UnsignedTransaction): RlpField[] {
  const call = [gasLimit, hexToBytes(to ?? '0x'), value, hexToBytes(data)];
  if (fee.kind === 'legacy') return [nonce, fee.maxFeePerGas, ...call];
  return [chainId, nonce, fee.maxPriorityFeePerGas, fee.maxFeePerGas, ...call, []];
}

/** EIP-155 */
function legacyOffset({ chainId }: UnsignedTransaction): bigint {
  return 2n * BigInt(chainId) + 35n;
}

function typed(payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(DYNAMIC_FEE), payload]);
}

function toInteger(item: unknown): bigint {
  if (!(item instanceof Uint8Array)) throw new TypeError('a field of the signature is a list');
  return item.length === 0 ? 0n : BigInt(`0x${Buffer.from(item).toString('hex')}`);
}

/** @throws TypeError for anything but 0x-prefixed hex: `Buffer.from` would stop silently at the first other character */
function hexToBytes(hex: string): Buffer {
  const bytes = Buffer.from(hex.slice(2), 'hex');
  if (!hex.startsWith('0x') || 2 * bytes.length !== hex.length - 2) throw new TypeError('no hex bytes');
  return bytes;
}
