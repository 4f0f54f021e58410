import type { JsonRpcRequest } from '#contracts';

const TIMEOUT_MS = 30_000;

/**
 * JSON-RPC over HTTP with one node. No error names the URL, which may carry an access key.
 *
 * @throws Error from the returned function when the node is out of reach or answers an error
 */
export function nodeRequest(url: string): JsonRpcRequest {
  return async (method, params) => {
    const answer = await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    if (!isObject(answer)) throw new Error(`the node answered ${method} with something other than JSON-RPC`);
    const { result, error } = answer;
    if (isObject(error)) throw new Error(`the node refused ${method}: ${String(error['message'])}`);
    return result;
  };
}

async function post(url: string, body: string): Promise<unknown> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return await response.json();
  } catch {
    // What fetch throws may hold the URL.
    throw new Error('the node at WEB3_PROVIDER_URL cannot be reached, or does not speak JSON-RPC');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
