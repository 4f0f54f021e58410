import { isHexString } from 'ethers';

/** One JSON-RPC call to an Ethereum node; rejects when the node answers an error. */
export type JsonRpcRequest = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** What an account or a call is asked for `latest`. */
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

/** @throws TypeError when the node did not answer hexadecimal data */
export function asHex(answer: unknown): string {
  if (!isHexString(answer)) throw new TypeError('the node answered something other than hexadecimal data');
  return answer;
}

/** A member of a JSON object; undefined when there is none. */
export function getMember(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
}
