/** How a request failed without a usable JSON-RPC answer. `unreadable`: the answer has the wrong shape. */
export type RpcFailure = 'http_error' | 'rate_limited' | 'timeout' | 'network_error' | 'unreadable';

/** The node could not be asked, or its answer cannot be read: nothing is known about what it did with the request. */
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

/** The answer was cut off, because it was longer than any good one. */
export class ResponseTooLargeError extends RpcUnavailableError {
  constructor(message: string) {
    super(message, 'unreadable');
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

/** One result of a batch, or why there is none. */
export type BatchResult<T> = T | RpcError | RpcUnavailableError;

export function isFailure<T>(result: BatchResult<T>): result is RpcError | RpcUnavailableError {
  return result instanceof RpcError || result instanceof RpcUnavailableError;
}
