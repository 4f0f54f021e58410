/** How a request failed before there was a JSON-RPC answer. */
export type RpcFailure = 'http_error' | 'rate_limited' | 'timeout' | 'network_error';

/** The node could not be asked, or its answer is no JSON-RPC: nothing is known about what it did with the request. */
export class RpcUnavailableError extends Error {
  constructor(
    message: string,
    readonly failure: RpcFailure = 'http_error',
    /** How long the endpoint wants to be left alone, milliseconds (`Retry-After`, RFC 9110 10.2.3). */
    readonly retryAfterMs: number | null = null,
    /** HTTP status, when that was the answer. */
    readonly status: number | null = null,
  ) {
    super(message);
    this.name = 'RpcUnavailable';
  }
}

/** The node answered with an error object. */
export class RpcError extends Error {
  constructor(
    readonly method: string,
    readonly code: number,
    message: string,
    /** Revert data, when the node gives any. */
    readonly data: string | null,
    /** As in `RpcUnavailableError`. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'RpcError';
  }
}
