import { type BatchResult, isFailure, ResponseTooLargeError, RpcError, RpcUnavailableError } from '../rpc.errors.js';
import {
  BATCH,
  classOf,
  isEssential,
  maxResponseBytes,
  type RpcTimeouts,
  timeoutOf,
  uniformTimeouts,
} from '../rpc-methods.js';
import { WebSocketTransport } from './web-socket-transport.js';
import { HttpTransport } from './http-transport.js';
import { hasError, idOf, type JsonRpcRequest, resultOf, unwrapped } from './json-rpc-response.js';
import { DIRECT, type RpcConnection } from './rpc-connection.js';
import { classifyRpcError, isAboutBatch, isAnswer } from './rpc-error-classifier.js';
import type { ResponseLimits, RpcTransport } from './rpc-transport.js';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Most calls in one HTTP request, tried from the left: some providers refuse long batches, some refuse any. */
const BATCH_SIZES = [50, 10, 1] as const;
/** Requests at a time where batches are refused. */
const MAX_CONCURRENT_SINGLES = 10;
/** Code of a method that the node does not have (JSON-RPC 2.0). */
const METHOD_NOT_FOUND = -32601;

/**
 * One JSON-RPC endpoint over HTTP or a WebSocket. ethers' own provider is not used for this: it retries inside, follows a send with
 * other calls, and puts URL and signed bytes into its errors. Messages of the errors here name the endpoint only by its
 * configured name, because an RPC URL is a secret.
 */
export class JsonRpcEndpoint {
  private readonly transport: RpcTransport;
  private readonly timeouts: RpcTimeouts;
  private lastId = 0;
  /** Called with the number of each head that the node pushes. */
  onHead: (number: number) => void = () => undefined;
  /** Remembered for the life of the endpoint, so that it refuses only once. */
  private batchSize: number = BATCH_SIZES[0];
  /** Batches in a row whose connection broke. */
  private brokenBatches = 0;

  /** @param timeouts milliseconds, for all methods alike or by class */
  constructor(
    readonly name: string,
    url: string,
    timeouts: number | RpcTimeouts,
    connection: RpcConnection = DIRECT,
  ) {
    const report = (number: number): void => this.onHead(number);
    this.transport = /^wss?:/.test(url)
      ? new WebSocketTransport(url, connection, report)
      : new HttpTransport(url, connection);
    this.timeouts = typeof timeouts === 'number' ? uniformTimeouts(timeouts) : timeouts;
  }

  /** Whether the node announces every new head now. */
  get pushesHeads(): boolean {
    return this.transport.pushesHeads;
  }

  get closed(): boolean {
    return this.transport.closed;
  }

  /** Ends the requests under way, and those that are still made, with RpcUnavailableError. */
  close(): void {
    this.transport.close();
  }

  /** @throws RpcUnavailableError or RpcError */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const who = this.who(method);
    const request = this.request({ method, params });
    try {
      const { body, retryAfterMs } = await this.transport.send(request, who, this.limitsOf([request]));
      const answer = unwrapped(body);
      const isOther = Array.isArray(body) && ![null, String(request.id)].includes(idOf(answer));
      if (isOther) throw new RpcUnavailableError(`${who}: the answer is to another request`, 'unreadable');
      return resultOf(answer, who, retryAfterMs);
    } catch (error) {
      throw refusalOf(method, who, error) ?? error;
    }
  }

  /**
   * Several calls, in as few HTTP requests as the endpoint accepts; the answers in the order of the calls, a failed call
   * as its error.
   *
   * @throws RpcUnavailableError when one of the requests failed as a whole
   */
  async batch(calls: readonly RpcCall[]): Promise<readonly BatchResult<unknown>[]> {
    const answers: unknown[] = [];
    while (answers.length < calls.length) {
      const rest = calls.slice(answers.length, answers.length + Math.max(this.batchSize, MAX_CONCURRENT_SINGLES));
      answers.push(...(this.batchSize === 1 ? await this.oneByOne(rest) : await this.inOneBatch(rest)));
    }
    return answers;
  }

  /** The answers to the first calls: at least one, and to all of them unless the endpoint accepts fewer at a time. */
  private async inOneBatch(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    if (calls.length === 1) return await this.oneByOne(calls);
    const part = calls.slice(0, this.batchSize);
    const requests = part.map((call) => this.request(call));
    const who = this.who(`batch of ${[...new Set(part.map(({ method }) => method))].join(', ')}`);
    const answer = await this.transport.send(requests, who, this.limitsOf(part)).catch((error: unknown) => {
      if (this.refusesBatch(error)) return null;
      throw error;
    });
    if (answer !== null) this.brokenBatches = 0;
    const elements = elementsById(answer?.body);
    const results = requests.map(({ id, method }) =>
      this.resultOrError(elements.get(String(id)), method, answer?.retryAfterMs ?? null),
    );
    // Without an answer of its own, or too much together with the others: asked again in smaller parts.
    const isRefused = results.every(isUnknownError);
    const open = requests.map(
      ({ id }, index) => isRefused || !elements.has(String(id)) || isBatchError(results[index]),
    );
    if (!open.includes(true)) return results;
    if (!open.includes(false)) this.requireNoRateLimit(answer?.body, who);
    const again = await this.inSmallerParts(
      part.filter((_, index) => open[index]),
      part.length,
    );
    const next = again.values();
    return results.map((result, index) => (open[index] ? next.next().value : result));
  }

  /** @param refused calls in the batch that was refused; the size that works instead is remembered */
  private async inSmallerParts(calls: readonly RpcCall[], refused: number): Promise<readonly unknown[]> {
    const before = this.batchSize;
    this.batchSize = BATCH_SIZES.find((size) => size < Math.min(before, refused)) ?? 1;
    try {
      const answers = await this.batch(calls);
      // It answers single calls no better: batches were not the reason.
      if (answers.every(isFailure)) this.batchSize = before;
      return answers;
    } catch (error) {
      this.batchSize = before;
      throw error;
    }
  }

  private async oneByOne(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    return await Promise.all(
      calls.map(({ method, params }) => this.call(method, params).catch((error: unknown) => elementError(error))),
    );
  }

  private resultOrError(answer: unknown, method: string, retryAfterMs: number | null): unknown {
    try {
      return resultOf(answer, this.who(method), retryAfterMs);
    } catch (error) {
      return elementError(error);
    }
  }

  /** One error for all calls may say that there were too many requests, and not that there were too many in one. */
  private requireNoRateLimit(body: unknown, who: string): void {
    if (!hasError(body)) return;
    const error = this.resultOrError(unwrapped(body), BATCH, null);
    if (error instanceof RpcError && classifyRpcError(error) === 'throttled' && !isAboutBatch(error))
      throw new RpcUnavailableError(`${who}: throttled`, 'rate_limited');
  }

  /** Some nodes end the connection instead of an answer to a long batch. Once, any connection may end. */
  private refusesBatch(error: unknown): boolean {
    if (error instanceof RpcUnavailableError && error.failure === 'network_error') {
      this.brokenBatches += 1;
      return this.brokenBatches > 1;
    }
    return refusesBatches(error);
  }

  private who(method: string): string {
    return `${method} on ${this.name}`;
  }

  private limitsOf(calls: readonly RpcCall[]): ResponseLimits {
    const methods = calls.map(({ method }) => method);
    return { timeoutMs: timeoutOf(methods, this.timeouts), maxBytes: maxResponseBytes(calls) };
  }

  private request({ method, params }: RpcCall): JsonRpcRequest {
    this.lastId += 1;
    return { jsonrpc: '2.0', id: this.lastId, method, params };
  }
}

/** What a batch answers, by the id as text; without those whose id is not their own. */
function elementsById(body: unknown): ReadonlyMap<string, unknown> {
  const elements: readonly unknown[] = Array.isArray(body) ? body : [];
  const ids = elements.map(idOf);
  const own = elements.flatMap((element, index): readonly [string, unknown][] => {
    const id = ids[index] ?? null;
    return id !== null && ids.indexOf(id) === ids.lastIndexOf(id) ? [[id, element]] : [];
  });
  return new Map(own);
}

function isBatchError(result: unknown): boolean {
  return result instanceof RpcError && isAboutBatch(result);
}

/** Whether it is an error whose text says nothing that is known, as that of a limit may be. */
function isUnknownError(result: unknown): boolean {
  return result instanceof RpcError && classifyRpcError(result) === 'none' && !isAnswer(result);
}

/** @throws what is not about the one call */
function elementError(error: unknown): RpcError | RpcUnavailableError {
  if (error instanceof RpcError) return error;
  if (error instanceof RpcUnavailableError && error.failure === 'unreadable') return error;
  throw error;
}

/** What gateways answer to a method that they do not let pass, without a JSON-RPC body. */
const METHOD_REFUSED_STATUS: ReadonlySet<number | null> = new Set([403, 404, 405, 501]);
/** The same to a list that they do not read. */
const BATCH_REFUSED_STATUS: ReadonlySet<number | null> = new Set([400, 403, 404, 405, 406, 413, 415, 422, 500, 501]);

/** The JSON-RPC error that an answer without one amounts to; null when it is none. */
function refusalOf(method: string, who: string, error: unknown): RpcError | null {
  if (!(error instanceof RpcUnavailableError)) return null;
  if (METHOD_REFUSED_STATUS.has(error.status) && !isEssential(method))
    return new RpcError(who, METHOD_NOT_FOUND, `HTTP ${error.status}`, null);
  // As providers say it: the caller asks for a narrower range.
  if (error instanceof ResponseTooLargeError && classOf(method) === 'logs')
    return new RpcError(who, 0, 'response too large', null);
  return null;
}

function refusesBatches(error: unknown): boolean {
  return (
    error instanceof ResponseTooLargeError ||
    (error instanceof RpcUnavailableError && BATCH_REFUSED_STATUS.has(error.status))
  );
}
