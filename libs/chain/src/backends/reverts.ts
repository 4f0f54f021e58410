import type { RpcError } from '../rpc/rpc.errors.js';

/** Whether the call reverted, as opposed to the node failing. geth uses code 3, Hardhat code -32603 with revert data. */
export function isRevert({ code, data, message }: RpcError): boolean {
  return data !== null || code === 3 || /revert/i.test(message);
}

/** Describes revert data of an unknown contract. Returns the selector only: the data could put any text into a dead letter. */
export function describeUnknownRevert(data: string | null): string {
  return data === null || data.length < 10 ? 'no reason given' : `unknown error ${data.slice(0, 10)}`;
}
