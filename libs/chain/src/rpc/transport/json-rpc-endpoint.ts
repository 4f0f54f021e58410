import { HttpTransport } from './http-transport.js';
import { hasError, idOf, resultOf } from './json-rpc-response.js';
import { classifyRpcError } from './rpc-error-classifier.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { BATCH, type RpcTimeouts, timeoutOf, uniformTimeouts } from '../rpc-methods.js';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Most calls in one HTTP request, tried from the left: some providers refuse long batches, some refuse any. */
const BATCH_SIZES = [50, 10, 1] as const;
/** Requests at a time where batches are refused. */
const MAX_CONCURRENT_SINGLES = 10;

/**
 * One JSON-RPC endpoint over HTTP. ethers' own provider is not used for this: it retries inside, follows a send with
 * other calls, and puts URL and signed bytes into its errors. Messages of the errors here name the endpoint only by its
 * configured name, because an RPC URL is a secret.
 */
export class JsonRpcEndpoint {
  private readonly http: HttpTransport;
  private readonly timeouts: RpcTimeouts;
  private lastId = 0;
  /** Remembered for the life of the endpoint, so that it refuses only once. */
  private batchSize: number = BATCH_SIZES[0];

  /** @param timeouts milliseconds, for all methods alike or by class */
  constructor(
    readonly name: string,
    url: string,
    timeouts: number | RpcTimeouts,
  ) {
    this.http = new HttpTransport(url);
    this.timeouts = typeof timeouts === 'number' ? uniformTimeouts(timeouts) : timeouts;
  }

  get closed(): boolean {
    return this.http.closed;
  }

  /** Ends the requests under way, and those that are still made, with RpcUnavailableError. */
  close(): void {
    this.http.close();
  }

  /** @throws RpcUnavailableError or RpcError */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const timeoutMs = timeoutOf([method], this.timeouts);
    const { body, retryAfterMs } = await this.http.send(this.request({ method, params }), this.who(method), timeoutMs);
    return resultOf(body, method, retryAfterMs);
  }

  /**
   * Several calls, in as few HTTP requests as the endpoint accepts; the answers in the order of the calls, a failed call
   * as its RpcError.
   *
   * @throws RpcUnavailableError when one of the requests failed as a whole
   */
  async batch(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
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
    const methods = part.map(({ method }) => method);
    const timeoutMs = timeoutOf(methods, this.timeouts);
    const answer = await this.http.send(requests, this.who(BATCH), timeoutMs).catch((error: unknown) => {
      if (refusesBatches(error)) return null;
      throw error;
    });
    if (!Array.isArray(answer?.body)) return await this.inSmallerParts(answer?.body, part);
    const byId = new Map(answer.body.map((each: unknown) => [idOf(each), each]));
    return requests.map(({ id, method }) => resultOrError(byId.get(id), method, answer.retryAfterMs));
  }

  /** What is no list may be a refusal of batches as such or of their length: the size that works is remembered. */
  private async inSmallerParts(answer: unknown, calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    if (isRateLimit(answer)) throw new RpcUnavailableError(`${this.name} throttles batches`, 'rate_limited');
    const before = this.batchSize;
    this.batchSize = BATCH_SIZES.find((size) => size < Math.min(before, calls.length)) ?? 1;
    try {
      return await this.batch(calls);
    } catch (error) {
      // It answers single calls no better: batches were not the reason.
      this.batchSize = before;
      throw error;
    }
  }

  private async oneByOne(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    return await Promise.all(
      calls.map(({ method, params }) =>
        this.call(method, params).catch((error: unknown) => {
          if (error instanceof RpcError) return error;
          throw error;
        }),
      ),
    );
  }

  private who(method: string): string {
    return `${method} on ${this.name}`;
  }

  private request({ method, params }: RpcCall) {
    this.lastId += 1;
    return { jsonrpc: '2.0', id: this.lastId, method, params } as const;
  }
}

function resultOrError(answer: unknown, method: string, retryAfterMs: number | null): unknown {
  try {
    return resultOf(answer, method, retryAfterMs);
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
}

/** What gateways and nodes answer to a list that they do not read, without a JSON-RPC body. */
const REFUSING_STATUS: ReadonlySet<number | null> = new Set([400, 403, 404, 405, 406, 413, 415, 422, 500, 501]);

function refusesBatches(error: unknown): boolean {
  return error instanceof RpcUnavailableError && REFUSING_STATUS.has(error.status);
}

/** One error for all calls, which says that there were too many requests and not that there were too many in one. */
function isRateLimit(answer: unknown): boolean {
  if (!hasError(answer)) return false;
  const error = resultOrError(answer, BATCH, null);
  return error instanceof RpcError && classifyRpcError(error) === 'throttled' && !/batch/i.test(error.message);
}
