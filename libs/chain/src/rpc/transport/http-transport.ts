import { secretsInUrl } from '#config';
import { Redactor } from '#telemetry';
import { hasError } from './json-rpc-response.js';
import { ResponseTooLargeError, RpcUnavailableError } from '../rpc.errors.js';
import { retryAfter } from './retry-after.js';

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

/** Ends where a JSON string does. */
const WEB_ADDRESS = /:\/\/[^\s"\\]+/g;

/**
 * JSON over HTTP POST to one URL, on connections that are kept alive and used again (`fetch` does both). The URL is a
 * secret: no error names it.
 */
export class HttpTransport {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #redactor: Redactor;
  readonly #pending = new Set<AbortController>();
  #closed = false;

  /** @param url may hold user name and password: they are sent as a header (`fetch` refuses them in a URL) */
  constructor(url: string) {
    const { username, password } = new URL(url);
    this.#url = username || password ? withoutCredentials(url) : url;
    this.#redactor = new Redactor(secretsInUrl(url));
    this.#headers = { 'content-type': 'application/json', ...basicAuthorization(username, password) };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends the requests under way, and those that are still made, with RpcUnavailableError. */
  close(): void {
    this.#closed = true;
    for (const request of this.#pending) request.abort();
  }

  /**
   * The JSON that comes back. Both the request and the reading of its answer end when the time is over.
   *
   * @param who begins the sentence of an error
   * @throws RpcUnavailableError; ResponseTooLargeError when the answer is longer than `maxBytes`
   */
  async send(body: unknown, who: string, { timeoutMs, maxBytes }: ResponseLimits): Promise<JsonResponse> {
    if (this.#closed) throw closed(who);
    const request = new AbortController();
    this.#pending.add(request);
    const timer = setTimeout(() => request.abort(), timeoutMs);
    try {
      const init = { method: 'POST', headers: this.#headers, body: JSON.stringify(body), signal: request.signal };
      // A node names no other hosts for us to ask, least of all inside of our network.
      const response = await fetch(this.#url, { ...init, redirect: 'error' });
      return accepted(response, parsed(this.redacted(await textOf(response, who, maxBytes))), who);
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

  /** Gateways repeat in an error what they were asked with, and errors become log lines and dead letters (S1). */
  private redacted(answer: string): string {
    if (!answer.includes('"error"')) return answer;
    return this.#redactor.redact(answer.replaceAll(WEB_ADDRESS, '://[redacted]'));
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

/** undici hides the reason in `cause`; its messages name no URL, unlike those of `fetch` itself. */
function networkReason(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'connection failed';
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

function basicAuthorization(username: string, password: string): { authorization?: string } {
  if (!username && !password) return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
