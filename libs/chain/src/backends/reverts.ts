import type { RpcError } from '../rpc/rpc.errors.js';

/** Whether the call itself failed, and not the node that ran it. Code 3 is geth's; hardhat reverts under -32603, with the data. */
export function isRevert({ code, data, message }: RpcError): boolean {
  return data !== null || code === 3 || /revert/i.test(message);
}

/**
 * What can be said of a revert with data that no known contract explains: the selector at most. Nodes quote such data with
 * every byte of it, and whatever a contract put there would stand in a dead letter.
 */
export function describeUnknownRevert(data: string | null): string {
  return data === null || data.length < 10 ? 'no reason given' : `unknown error ${data.slice(0, 10)}`;
}
