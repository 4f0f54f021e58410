import { RpcUnavailableError } from '../rpc.errors.js';

/** Readers for what JSON-RPC answers. A node that answers something else is as good as unavailable. */

export function toBigInt(value: unknown, what: string): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value)) return BigInt(value);
  throw new RpcUnavailableError(`${what} is no hex quantity`);
}

export function toNumber(value: unknown, what: string): number {
  return Number(toBigInt(value, what));
}

export function toHex(value: unknown, what: string): string {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value)) return value;
  throw new RpcUnavailableError(`${what} is no hex string`);
}

export function toFields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new RpcUnavailableError(`${what} is no object`);
}

export function toList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new RpcUnavailableError(`${what} is no list`);
}

export function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
