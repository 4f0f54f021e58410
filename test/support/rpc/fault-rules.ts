import { Transaction } from 'ethers';
import type { RpcRequestFunction, RpcFault, FaultRule, RpcMethodCall } from './rpc-fault.js';

const SEND = 'eth_sendRawTransaction';
/** Where each method has the block that it is asked about. */
const TAG_AT: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getBlockByNumber: 0,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_simulateV1: 1,
};

/** The first so many transactions meet this; everything else passes. */
export function failFirstSends(count: number, fate: RpcFault): FaultRule {
  let left = count;
  return ({ method }) => {
    if (method !== SEND || left === 0) return 'forward';
    left -= 1;
    return fate;
  };
}

/** Takes transactions, says so, and loses them. */
export const loseTransactions: FaultRule = ({ method, params }) =>
  method === SEND ? { result: Transaction.from(String(params[0])).hash } : 'forward';

/** Serves another chain. */
export function serveChainId(chainId: number): FaultRule {
  return ({ method }) => (method === 'eth_chainId' ? { result: hexQuantity(chainId) } : 'forward');
}

/** Throttles the first `count` requests of any method. */
export function throttleFirst(count: number, retryAfterSeconds: number): FaultRule {
  let left = count;
  return () => {
    if (left === 0) return 'forward';
    left -= 1;
    return { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } };
  };
}

/** Says how many transactions an account had sent some blocks ago. */
export function serveStaleNonce(ask: RpcRequestFunction, blocks: number): FaultRule {
  return async (call) =>
    call.method === 'eth_getTransactionCount'
      ? { instead: atHeight(call, await laggingHeight(ask, blocks)) }
      : 'forward';
}

/** Shows a receipt only when so many further blocks have followed its own. */
export function delayReceipts(ask: RpcRequestFunction, blocks: number): FaultRule {
  return async ({ method }) =>
    method === 'eth_getTransactionReceipt' ? hideAfterHeight(await laggingHeight(ask, blocks)) : 'forward';
}

/** A node that is so many blocks behind, in everything that it says. It still takes transactions. */
export function lagBehind(ask: RpcRequestFunction, blocks: number): FaultRule {
  return async (call) => {
    const height = await laggingHeight(ask, blocks);
    if (call.method === 'eth_blockNumber') return { result: hexQuantity(height) };
    if (call.method === 'eth_getTransactionReceipt' || call.method === 'eth_getTransactionByHash')
      return hideAfterHeight(height);
    const asked = call.params[TAG_AT[call.method] ?? -1];
    if (asked === undefined && TAG_AT[call.method] === undefined) return 'forward';
    if (typeof asked === 'string' && asked.startsWith('0x'))
      return Number(asked) > height ? headerNotFound(call) : 'forward';
    return { instead: atHeight(call, height) };
  };
}

function headerNotFound({ method }: RpcMethodCall): RpcFault {
  return method === 'eth_getBlockByNumber' ? { result: null } : { code: -32000, message: 'header not found' };
}

function hideAfterHeight(height: number): RpcFault {
  return {
    altered: (found) => {
      const { blockNumber } = (found ?? {}) as { blockNumber?: string | null };
      return typeof blockNumber === 'string' && Number(blockNumber) > height ? null : found;
    },
  };
}

function atHeight({ method, params }: RpcMethodCall, height: number): RpcMethodCall {
  const at = TAG_AT[method] ?? 0;
  return { method, params: [...params.slice(0, at), hexQuantity(height), ...params.slice(at + 1)] };
}

async function laggingHeight(ask: RpcRequestFunction, blocks: number): Promise<number> {
  return Math.max(0, Number(await ask('eth_blockNumber')) - blocks);
}

function hexQuantity(value: number): string {
  return `0x${value.toString(16)}`;
}
