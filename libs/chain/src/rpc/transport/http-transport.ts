import { type Dispatcher, fetch, type Response } from 'undici';
import { AnswerRedactor } from './answer-redactor.js';
import { splitCredentials } from './basic-authorization.js';
import { hasError, type JsonRpcRequest } from './json-rpc-response.js';
import { ResponseTooLargeError, RpcUnavailableError } from '../rpc.errors.js';
import { retryAfter } from './retry-after.js';
import { createDispatcher, DIRECT, type RpcConnection, secretsOfConnection } from './rpc-connection.js';
import type { JsonResponse, ResponseLimits, RpcTransport } from './rpc-transport.js';

/** JSON over HTTP POST to one URL, on connections that are kept alive and used again. */
export class HttpTransport implements RpcTransport {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #dispatcher: Dispatcher;
  readonly #redactor: AnswerRedactor;
  readonly #pending = new Set<AbortController>();
  #closed = false;
  readonly pushesHeads = false;

  /** @param url may hold user name and password: they are sent as a header (`fetch` refuses them in a URL) */
  constructor(url: string, connection: RpcConnection = DIRECT) {
    const split = splitCredentials(url);
    this.#url = split.url;
    this.#headers = { ...split.headers, ...connection.headers, 'content-type': 'application/json' };
    this.#dispatcher = createDispatcher(connection);
    this.#redactor = new AnswerRedactor(secretsOfConnection(url, connection));
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#pending) request.abort();
    // Nothing waits for the idle connections to end.
    this.#dispatcher.destroy().catch(() => undefined);
  }

  async send(
    body: JsonRpcRequest | readonly JsonRpcRequest[],
    who: string,
    { timeoutMs, maxBytes }: ResponseLimits,
  ): Promise<JsonResponse> {
    if (this.#closed) throw closed(who);
    const request = new AbortController();
    this.#pending.add(request);
    const timer = setTimeout(() => request.abort(), timeoutMs);
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify(body),
        signal: request.signal,
        dispatcher: this.#dispatcher,
        // A node names no other hosts for us to ask, least of all inside of our network. The error quotes the status.
        redirect: 'manual',
      });
      return accepted(response, parsed(this.#redactor.redact(await textOf(response, who, maxBytes))), who);
    } catch (error) {
      if (error instanceof RpcUnavailableError) throw error;
      if (this.#closed) throw closed(who);
      if (request.signal.aborted) throw new RpcUnavailableError(`${who}: no answer in time`, 'timeout');
      throw new RpcUnavailableError(`${who}: ${networkReason(error)}`, 'network_error');
    } finally {
      clearTimeout(timer);
      this.#pending.delete(request);
    }
  }
}

function closed(who: string): RpcUnavailableError {
  return new RpcUnavailableError(`${who}: nothing is asked any more`, 'network_error');
}

/** @throws ResponseTooLargeError: a node could answer without end */
async function textOf(response: Response, who: string, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    const chunk: unknown = piece;
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new ResponseTooLargeError(`${who}: the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

/** Some nodes put the JSON-RPC error of a bad request under an HTTP error status: the body says more. */
function accepted(response: Response, body: unknown, who: string): JsonResponse {
  const throttled = response.status === 429;
  const retryAfterMs = throttled || response.status === 503 ? retryAfter(response.headers) : null;
  if (body !== undefined && (response.ok || hasError(body))) return { body, retryAfterMs };
  if (response.ok) throw new RpcUnavailableError(`${who}: the answer is no JSON`, 'unreadable');
  const failure = throttled ? 'rate_limited' : 'http_error';
  throw new RpcUnavailableError(`${who}: HTTP ${response.status}`, failure, retryAfterMs, response.status);
}

/** undici hides the reason in `cause`, a proxy's two deep; its messages name no URL, unlike those of `fetch` itself. */
function networkReason(error: unknown): string {
  const causes = causesOf(error);
  const refused = causes
    .map(({ message }) => /^Proxy response \((\d+)\)/.exec(message)?.[1])
    .find((it) => it !== undefined);
  if (refused !== undefined) return `the proxy answers HTTP ${refused}`;
  const codes = causes.map((cause) => ('code' in cause ? cause.code : undefined));
  return codes.find((code) => typeof code === 'string') ?? 'connection failed';
}

function causesOf(error: unknown): readonly Error[] {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? [cause, ...causesOf(cause)] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
