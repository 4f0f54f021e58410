import { Transaction } from 'ethers';
import type { Ask, Fate, Judge, SeenCall } from './rpc-fault-rules.js';

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
export function firstSends(count: number, fate: Fate): Judge {
  let left = count;
  return ({ method }) => {
    if (method !== SEND || left === 0) return 'forward';
    left -= 1;
    return fate;
  };
}

/** Takes transactions, says so, and loses them. */
export const losesSends: Judge = ({ method, params }) =>
  method === SEND ? { result: Transaction.from(String(params[0])).hash } : 'forward';

/** Serves another chain. */
export function servesChain(chainId: number): Judge {
  return ({ method }) => (method === 'eth_chainId' ? { result: quantity(chainId) } : 'forward');
}

/** Throttles the first so many requests, whatever they ask for. */
export function throttles(count: number, retryAfterSeconds: number): Judge {
  let left = count;
  return () => {
    if (left === 0) return 'forward';
    left -= 1;
    return { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } };
  };
}

/** Says how many transactions an account had sent some blocks ago. */
export function staleNonce(ask: Ask, blocks: number): Judge {
  return async (call) =>
    call.method === 'eth_getTransactionCount' ? { instead: asOf(call, await past(ask, blocks)) } : 'forward';
}

/** Shows a receipt only when so many further blocks have followed its own. */
export function lateReceipts(ask: Ask, blocks: number): Judge {
  return async ({ method }) =>
    method === 'eth_getTransactionReceipt' ? unlessAfter(await past(ask, blocks)) : 'forward';
}

/** A node that is so many blocks behind, in everything that it says. It still takes transactions. */
export function lags(ask: Ask, blocks: number): Judge {
  return async (call) => {
    const height = await past(ask, blocks);
    if (call.method === 'eth_blockNumber') return { result: quantity(height) };
    if (call.method === 'eth_getTransactionReceipt' || call.method === 'eth_getTransactionByHash')
      return unlessAfter(height);
    const asked = call.params[TAG_AT[call.method] ?? -1];
    if (asked === undefined && TAG_AT[call.method] === undefined) return 'forward';
    if (typeof asked === 'string' && asked.startsWith('0x')) return Number(asked) > height ? unknown(call) : 'forward';
    return { instead: asOf(call, height) };
  };
}

function unknown({ method }: SeenCall): Fate {
  return method === 'eth_getBlockByNumber' ? { result: null } : { code: -32000, message: 'header not found' };
}

function unlessAfter(height: number): Fate {
  return {
    altered: (found) => {
      const { blockNumber } = (found ?? {}) as { blockNumber?: string | null };
      return typeof blockNumber === 'string' && Number(blockNumber) > height ? null : found;
    },
  };
}

function asOf({ method, params }: SeenCall, height: number): SeenCall {
  const at = TAG_AT[method] ?? 0;
  return { method, params: [...params.slice(0, at), quantity(height), ...params.slice(at + 1)] };
}

async function past(ask: Ask, blocks: number): Promise<number> {
  return Math.max(0, Number(await ask('eth_blockNumber')) - blocks);
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
