import { RpcError, RpcUnavailableError } from '../rpc.errors.js';

/**
 * The result in a JSON-RPC answer.
 *
 * @throws RpcError when the answer is an error object; RpcUnavailableError when it is neither
 */
export function resultOf(answer: unknown, method: string, retryAfterMs: number | null = null): unknown {
  if (!isObject(answer)) throw new RpcUnavailableError(`${method}: the answer is no JSON-RPC object`);
  const error = answer['error'];
  if (isObject(error)) {
    const { code, message, data } = error;
    throw new RpcError(
      method,
      typeof code === 'number' ? code : 0,
      typeof message === 'string' ? message.slice(0, 300) : 'error without a message',
      revertData(data),
      retryAfterMs,
    );
  }
  if (!('result' in answer)) throw new RpcUnavailableError(`${method}: the answer has neither result nor error`);
  return answer['result'];
}

export function hasError(answer: unknown): boolean {
  return isObject(answer) && isObject(answer['error']);
}

export function idOf(answer: unknown): unknown {
  return isObject(answer) ? answer['id'] : null;
}

/** Nodes give revert data as a string, behind the word `Reverted`, or wrapped in an object or two. */
function revertData(data: unknown, wrappings = 4): string | null {
  if (typeof data === 'string') return /^(?:Reverted )?(0x[0-9a-fA-F]*)$/.exec(data)?.[1] ?? null;
  return isObject(data) && wrappings > 0 ? revertData(data['data'] ?? data['result'], wrappings - 1) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
