/** One JSON-RPC call on its way to the node. */
export interface RpcMethodCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * What becomes of a call:
 *
 * - `forward`: as if there were no proxy
 * - `drop-request`: the connection breaks before the node hears anything
 * - `drop-answer`: the node does what it is asked, and the connection breaks before its answer
 * - `hang`: the node hears nothing, and no answer comes
 * - `forward-and-hang`: the node does what it is asked, and no answer comes
 * - a number: that HTTP status without a JSON-RPC body, and the node hears nothing
 * - an object with `status`: the same, with headers; with `forwarded` the node does what it is asked
 * - an object with `body`: that HTTP body under status 200 or `status`, and the node hears nothing
 * - an object with `code`: that JSON-RPC error, and the node hears nothing
 * - an object with `result`: that result, and the node hears nothing
 * - an object with `instead`: the node is asked that instead
 * - an object with `altered`: the node's result becomes another one
 */
export type RpcFault =
  | 'forward'
  | 'drop-request'
  | 'drop-answer'
  | 'hang'
  | 'forward-and-hang'
  | number
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly forwarded?: boolean }
  | { readonly body: string; readonly status?: number }
  | { readonly code: number; readonly message: string }
  | { readonly result: unknown }
  | { readonly instead: RpcMethodCall }
  | { readonly altered: (result: unknown) => unknown };

/** Decides about a call when it arrives. */
export type FaultRule = (call: RpcMethodCall) => RpcFault | Promise<RpcFault>;

/** One call to the node behind the proxy. @throws Error with the node's words */
export type RpcRequestFunction = (method: string, params?: readonly unknown[]) => Promise<unknown>;

/** What a node answers to one call. */
export type RpcResult = { readonly result: unknown } | { readonly error: { readonly message: string } };

/** Whether it is the HTTP exchange that breaks, and not the answer that is another one. */
export function breaksExchange(fate: RpcFault): boolean {
  return typeof fate === 'number' || (typeof fate === 'string' && fate !== 'forward') || hasStatus(fate);
}

/** What a call meets whose exchange does not break. */
export async function resultWithFault(
  call: RpcMethodCall,
  fate: RpcFault,
  exchange: (call: RpcMethodCall) => Promise<RpcResult>,
): Promise<RpcResult> {
  if (typeof fate !== 'object') return await exchange(call);
  if ('code' in fate) return { error: fate };
  if ('result' in fate) return { result: fate.result };
  const answer = await exchange('instead' in fate ? fate.instead : call);
  return 'altered' in fate && 'result' in answer ? { result: fate.altered(answer.result) } : answer;
}

function hasStatus(fate: RpcFault): boolean {
  return typeof fate === 'object' && ('status' in fate || 'body' in fate);
}
