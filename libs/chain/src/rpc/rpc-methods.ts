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
  eth_sendRawTransaction: 'send',
  eth_simulateV1: 'execution',
};

/** Name of a request of several calls, in metrics and errors. */
export const BATCH = 'batch';

/** Everything that the label `method` of the metrics may be. */
export const METHOD_LABELS: readonly string[] = [...Object.keys(CLASSES), BATCH];

export function classOf(method: string): MethodClass {
  return CLASSES[method] ?? 'read';
}

/** One time-out for every class. */
export function uniformTimeouts(timeoutMs: number): RpcTimeouts {
  return { send: timeoutMs, read: timeoutMs, execution: timeoutMs, logs: timeoutMs };
}

/** A batch takes as long as the slowest of its calls. */
export function timeoutOf(methods: readonly string[], timeouts: RpcTimeouts): number {
  return Math.max(...methods.map((method) => timeouts[classOf(method)]));
}
