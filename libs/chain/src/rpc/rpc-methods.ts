/** Methods that take about as long as each other: a time-out belongs to a class, not to a method. */
export type MethodClass = 'send' | 'read' | 'execution' | 'logs';

/** Milliseconds until a request is given up, by class. */
export type RpcTimeouts = Readonly<Record<MethodClass, number>>;

const CLASSES: Readonly<Record<string, MethodClass>> = {
  eth_blockNumber: 'read',
  eth_call: 'execution',
  eth_chainId: 'read',
  eth_estimateGas: 'execution',
  eth_feeHistory: 'read',
  eth_gasPrice: 'read',
  eth_getBalance: 'read',
  eth_getBlockByNumber: 'read',
  eth_getCode: 'read',
  eth_getLogs: 'logs',
  eth_getTransactionByHash: 'read',
  eth_getTransactionCount: 'read',
  eth_getTransactionReceipt: 'read',
  eth_maxPriorityFeePerGas: 'read',
  eth_sendRawTransaction: 'send',
  eth_simulateV1: 'execution',
};

/** Every endpoint has these, so that one that refuses them is not of use for anything else. */
const ESSENTIAL_METHODS: ReadonlySet<string> = new Set([
  'eth_chainId',
  'eth_getBlockByNumber',
  'eth_sendRawTransaction',
]);

const MEBIBYTE = 1024 * 1024;
/** Bytes of one answer, unpacked: several times what the largest batch of tokens needs. A range of logs is halved above it. */
const MAX_RESPONSE_BYTES: Readonly<Record<MethodClass, number>> = {
  send: MEBIBYTE,
  read: 4 * MEBIBYTE,
  execution: 4 * MEBIBYTE,
  logs: 16 * MEBIBYTE,
};
/** Of a block with its transactions, and of a request of several calls. */
const MAX_LARGE_RESPONSE_BYTES = 16 * MEBIBYTE;

/** Name of a request of several calls, in metrics and errors. */
export const BATCH = 'batch';

/** Everything that the label `method` of the metrics may be. */
export const METHOD_LABELS: readonly string[] = [...Object.keys(CLASSES), BATCH];

export function classOf(method: string): MethodClass {
  return CLASSES[method] ?? 'read';
}

export function isEssential(method: string): boolean {
  return ESSENTIAL_METHODS.has(method);
}

/** How much of an answer is read before it is cut off. */
export function maxResponseBytes(calls: readonly { readonly method: string; readonly params: readonly unknown[] }[]) {
  const limits = calls.map(({ method, params }) =>
    method === 'eth_getBlockByNumber' && params[1] === true
      ? MAX_LARGE_RESPONSE_BYTES
      : MAX_RESPONSE_BYTES[classOf(method)],
  );
  return Math.min(
    limits.reduce((sum, limit) => sum + limit, 0),
    MAX_LARGE_RESPONSE_BYTES,
  );
}

/** One time-out for every class. */
export function uniformTimeouts(timeoutMs: number): RpcTimeouts {
  return { send: timeoutMs, read: timeoutMs, execution: timeoutMs, logs: timeoutMs };
}

/** A batch takes as long as the slowest of its calls. */
export function timeoutOf(methods: readonly string[], timeouts: RpcTimeouts): number {
  return Math.max(...methods.map((method) => timeouts[classOf(method)]));
}
