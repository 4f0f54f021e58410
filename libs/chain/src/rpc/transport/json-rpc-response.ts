import { RpcError, RpcUnavailableError } from '../rpc.errors.js';

export interface JsonRpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * The result in a JSON-RPC answer.
 *
 * @param who method and endpoint
 * @throws RpcError when the answer is an error object; RpcUnavailableError when it is neither
 */
export function resultOf(answer: unknown, who: string, retryAfterMs: number | null = null): unknown {
  if (!isObject(answer)) throw new RpcUnavailableError(`${who}: the answer is no JSON-RPC object`, 'unreadable');
  const error = answer['error'];
  if (isObject(error)) {
    const { code, message, data } = error;
    throw new RpcError(
      who,
      typeof code === 'number' ? code : 0,
      typeof message === 'string' ? message.slice(0, 300) : 'error without a message',
      revertData(data),
      retryAfterMs,
    );
  }
  if (!('result' in answer))
    throw new RpcUnavailableError(`${who}: the answer has neither result nor error`, 'unreadable');
  return answer['result'];
}

/** Whether the answer, or one in a list of answers, is an error. */
export function hasError(answer: unknown): boolean {
  const answers: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  return answers.some((each) => isObject(each) && isObject(each['error']));
}

/** The id as text, because some gateways turn numbers into strings; null where there is none. */
export function idOf(answer: unknown): string | null {
  const id = isObject(answer) ? answer['id'] : null;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/** The one in a list of one: geth refuses a batch like that, and some gateways answer a single call like that. */
export function unwrapped(body: unknown): unknown {
  return Array.isArray(body) && body.length === 1 ? body[0] : body;
}

/** Nodes give revert data as a string, behind the word `Reverted`, or wrapped in an object or two. */
function revertData(data: unknown, wrappings = 4): string | null {
  if (typeof data === 'string') return /^(?:Reverted )?(0x[0-9a-fA-F]*)$/.exec(data)?.[1] ?? null;
  return isObject(data) && wrappings > 0 ? revertData(data['data'] ?? data['result'], wrappings - 1) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
