import { RpcUnavailableError } from '../rpc.errors.js';

/** Readers of JSON-RPC results. Each throws RpcUnavailableError `unreadable` when the value has another shape. */

export function toBigInt(value: unknown, what: string): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value)) return BigInt(value);
  throw unreadable(`${what} is no hex quantity`);
}

export function toNumber(value: unknown, what: string): number {
  const number = Number(toBigInt(value, what));
  if (!Number.isSafeInteger(number)) throw unreadable(`${what} is too large`);
  return number;
}

/** Returns lower case: some nodes answer upper case or checksums, and topics, hashes and addresses are compared. */
export function toHex(value: unknown, what: string): string {
  if (typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value)) return value.toLowerCase();
  throw unreadable(`${what} is no hex string`);
}

export function toHash(value: unknown, what: string): string {
  return toHexOf(32, value, what);
}

export function toAddress(value: unknown, what: string): string {
  return toHexOf(20, value, what);
}

function toHexOf(bytes: number, value: unknown, what: string): string {
  const hex = toHex(value, what);
  if (hex.length === 2 + 2 * bytes) return hex;
  throw unreadable(`${what} has not ${bytes} bytes`);
}

export function toFields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw unreadable(`${what} is no object`);
}

export function toList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unreadable(`${what} is no list`);
}

export function unreadable(reason: string): RpcUnavailableError {
  return new RpcUnavailableError(reason, 'unreadable');
}

/** Returns the value, or a substitute when it is unreadable. Use it for values that nothing depends on. */
export function readableOr<T>(read: () => T, substitute: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RpcUnavailableError) return substitute;
    throw error;
  }
}

export function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
