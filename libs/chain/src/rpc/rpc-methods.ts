/** Class of methods with a similar duration. Timeouts are configured by class. */
export type MethodClass = 'send' | 'read' | 'execution' | 'logs';

/** Timeouts in milliseconds, by class. */
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

/** Methods that every endpoint must support. */
const ESSENTIAL_METHODS: ReadonlySet<string> = new Set([
  'eth_chainId',
  'eth_getBlockByNumber',
  'eth_sendRawTransaction',
]);

const MEBIBYTE = 1024 * 1024;
/** Maximum bytes of one uncompressed response: several times the size for the largest batch. A larger range of logs is halved. */
const MAX_RESPONSE_BYTES: Readonly<Record<MethodClass, number>> = {
  send: MEBIBYTE,
  read: 4 * MEBIBYTE,
  execution: 4 * MEBIBYTE,
  logs: 16 * MEBIBYTE,
};
/** Maximum bytes of a block with its transactions, and of a batch. */
export const MAX_LARGE_RESPONSE_BYTES = 16 * MEBIBYTE;

/** Method name of a batch in metrics and errors. */
export const BATCH = 'batch';

/** All values of the metrics label `method`. */
export const METHOD_LABELS: readonly string[] = [...Object.keys(CLASSES), BATCH];

export function classOf(method: string): MethodClass {
  return CLASSES[method] ?? 'read';
}

export function isEssential(method: string): boolean {
  return ESSENTIAL_METHODS.has(method);
}

/** Returns the maximum bytes of the response to these calls. */
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

/** Returns the same timeout for every class. */
export function uniformTimeouts(timeoutMs: number): RpcTimeouts {
  return { send: timeoutMs, read: timeoutMs, execution: timeoutMs, logs: timeoutMs };
}

/** Returns the timeout of a batch: the maximum of its calls. */
export function timeoutOf(methods: readonly string[], timeouts: RpcTimeouts): number {
  return Math.max(...methods.map((method) => timeouts[classOf(method)]));
}
