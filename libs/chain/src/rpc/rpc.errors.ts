import { HoldError } from '#core';
import { quoteNode } from './pool/node-words.js';

/** Reason of a request without a usable JSON-RPC response. `unreadable`: the response has the wrong shape. */
export type RpcFailure = 'http_error' | 'rate_limited' | 'timeout' | 'network_error' | 'unreadable';

/** The node was unreachable or its response was unreadable. Whether it executed the request is unknown. */
export class RpcUnavailableError extends Error {
  constructor(
    message: string,
    readonly failure: RpcFailure = 'http_error',
    /** Milliseconds until the endpoint accepts requests again (`Retry-After`, RFC 9110 10.2.3). */
    readonly retryAfterMs: number | null = null,
    /** HTTP status of the response, if any. */
    readonly status: number | null = null,
  ) {
    super(message);
    this.name = 'RpcUnavailable';
  }
}

/** The response exceeded the maximum size. */
export class ResponseTooLargeError extends RpcUnavailableError {
  constructor(message: string) {
    super(message, 'unreadable');
  }
}

/** The node returned an error object. */
export class RpcError extends Error {
  constructor(
    /** Method and endpoint, such as `eth_call on rpc-1`. */
    readonly source: string,
    readonly code: number,
    message: string,
    /** Revert data, if any. */
    readonly data: string | null,
    /** As in `RpcUnavailableError`. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'RpcError';
  }
}

/** Returns the hold for an unavailable RPC, or for an error that a node returned. Returns any other error unchanged. */
export function asHold(error: unknown): unknown {
  return isRpcFailure(error) ? rpcHold(error) : error;
}

/** Returns the hold for a required call without a result. */
export function rpcHold(error: RpcError | RpcUnavailableError): HoldError {
  return new HoldError('rpc_unavailable', describeFailure(error), { cause: error });
}

/** Says method, endpoint and reason of a failed call. Quotes the node's text without possible access keys. */
export function describeFailure(error: RpcError | RpcUnavailableError): string {
  return error instanceof RpcError
    ? `${error.source}: error ${error.code} "${quoteNode(error.message)}"`
    : error.message;
}

/** Result of one call in a batch, or its error. */
export type BatchResult<T> = T | RpcError | RpcUnavailableError;

export function isFailure<T>(result: BatchResult<T>): result is RpcError | RpcUnavailableError {
  return isRpcFailure(result);
}

/** Whether an endpoint or the transport is the reason of an error. */
export function isRpcFailure(error: unknown): error is RpcError | RpcUnavailableError {
  return error instanceof RpcError || error instanceof RpcUnavailableError;
}
