import type { JsonRpcRequest } from './json-rpc-response.js';

export interface JsonResponse {
  readonly body: unknown;
  /** Milliseconds that the endpoint wants to be left alone. */
  readonly retryAfterMs: number | null;
}

export interface ResponseLimits {
  readonly timeoutMs: number;
  /** Of the answer, unpacked. */
  readonly maxBytes: number;
}

/** Carries JSON-RPC requests to one URL. The URL and the headers are secrets: no error names them. */
export interface RpcTransport {
  readonly closed: boolean;
  /** Whether the node announces every new head now. */
  readonly pushesHeads: boolean;

  /** Ends the requests under way, and those that are still made, with RpcUnavailableError. */
  close(): void;

  /**
   * Returns the JSON that comes back. Both the request and the reading of its answer end when the time is over.
   *
   * @param who begins the sentence of an error
   * @throws RpcUnavailableError; ResponseTooLargeError when the answer is longer than `maxBytes`
   */
  send(body: JsonRpcRequest | readonly JsonRpcRequest[], who: string, limits: ResponseLimits): Promise<JsonResponse>;
}
