import { isHexString } from 'ethers';

/** One JSON-RPC call to an Ethereum node; rejects when the node returns an error. */
export type JsonRpcRequest = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Reads accounts and calls at `latest`. */
export interface NodeClient {
  code(address: string): Promise<string>;
  balance(address: string): Promise<bigint>;
  call(to: string, data: string): Promise<string>;
}

export function createNodeClient(request: JsonRpcRequest): NodeClient {
  return {
    code: async (address) => asHex(await request('eth_getCode', [address, 'latest'])),
    balance: async (address) => BigInt(asHex(await request('eth_getBalance', [address, 'latest']))),
    call: async (to, data) => asHex(await request('eth_call', [{ to, data }, 'latest'])),
  };
}

/** @throws TypeError when the result is not hexadecimal data */
export function asHex(answer: unknown): string {
  if (!isHexString(answer)) throw new TypeError('the node returned no hexadecimal data');
  return answer;
}

/** Returns a member of a JSON object, or undefined. */
export function getMember(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
}
