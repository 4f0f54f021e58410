import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { AnswerRedactor } from './answer-redactor.js';
import { splitCredentials } from './basic-authorization.js';
import { hasError, idOf, type JsonRpcRequest } from './json-rpc-response.js';
import { ResponseTooLargeError, RpcUnavailableError } from '../rpc.errors.js';
import { MAX_LARGE_RESPONSE_BYTES } from '../rpc-methods.js';
import { retryAfter } from './retry-after.js';
import { createProxyAgent, DIRECT, type RpcConnection, secretsOfConnection, tlsOptions } from './rpc-connection.js';
import type { JsonResponse, ResponseLimits, RpcTransport } from './rpc-transport.js';

/** A node that sends nothing for so long is asked for a sign of life, and is gone without one after as long again. */
const HEARTBEAT_MS = 10_000;
/** No request of JsonRpcEndpoint has a text for an id. */
const SUBSCRIPTION_ID = 'newHeads';

interface PendingRequest {
  readonly who: string;
  readonly maxBytes: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: RpcUnavailableError) => void;
}

/**
 * JSON-RPC over one WebSocket, which is opened by the first request and opened again by the next one after its end. The
 * calls of a batch are sent one by one: they cost no round trip of their own, and their answers cannot be mistaken. The node
 * pushes new heads where it can (`eth_subscribe`).
 */
export class WebSocketTransport implements RpcTransport {
  readonly #url: string;
  readonly #connection: RpcConnection;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #redactor: AnswerRedactor;
  readonly #pending = new Map<string, PendingRequest>();
  #socket: Promise<WebSocket> | null = null;
  #current: WebSocket | null = null;
  #subscription: string | null = null;
  #closed = false;

  /** @param onHead called with the number of each head that the node pushes */
  constructor(
    url: string,
    connection: RpcConnection = DIRECT,
    private readonly onHead: (number: number) => void = () => undefined,
  ) {
    const split = splitCredentials(url);
    this.#url = split.url;
    this.#connection = connection;
    this.#headers = { ...split.headers, ...connection.headers };
    this.#redactor = new AnswerRedactor(secretsOfConnection(url, connection));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether the node announces every new head now. */
  get pushesHeads(): boolean {
    return this.#subscription !== null;
  }

  close(): void {
    this.#closed = true;
    this.#current?.terminate();
    this.#fail((who) => closed(who));
  }

  async send(
    body: JsonRpcRequest | readonly JsonRpcRequest[],
    who: string,
    { timeoutMs, maxBytes }: ResponseLimits,
  ): Promise<JsonResponse> {
    if (this.#closed) throw closed(who);
    const requests = isList(body) ? body : [body];
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RpcUnavailableError(`${who}: no answer in time`, 'timeout')), timeoutMs);
    });
    try {
      const answers = Promise.all(requests.map((request) => this.#ask(request, who, maxBytes)));
      const results = await Promise.race([answers, late]);
      return { body: isList(body) ? results : results[0], retryAfterMs: null };
    } finally {
      clearTimeout(timer);
      for (const { id } of requests) this.#pending.delete(String(id));
    }
  }

  async #ask(request: JsonRpcRequest, who: string, maxBytes: number): Promise<unknown> {
    const id = String(request.id);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { who, maxBytes, resolve, reject });
    });
    // The end of the connection can reject it while the socket is still awaited.
    answer.catch(() => undefined);
    const socket = await this.#open(who);
    if (this.#pending.has(id)) socket.send(JSON.stringify(request));
    return await answer;
  }

  async #open(who: string): Promise<WebSocket> {
    this.#socket ??= this.#connect();
    try {
      return await this.#socket;
    } catch (error) {
      if (this.#closed) throw closed(who);
      if (!(error instanceof HandshakeError)) throw error;
      throw new RpcUnavailableError(`${who}: ${error.message}`, error.failure, error.retryAfterMs);
    }
  }

  async #connect(): Promise<WebSocket> {
    const socket = new WebSocket(this.#url, {
      ...tlsOptions(this.#connection),
      headers: this.#headers,
      agent: createProxyAgent(this.#connection),
      maxPayload: MAX_LARGE_RESPONSE_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: HEARTBEAT_MS,
    });
    this.#current = socket;
    socket.on('message', (data, isBinary) => this.#receive(socket, isBinary ? '' : textOf(data)));
    socket.on('close', () => this.#lose(socket));
    // A command ends when nothing is asked any more: requests under way have timers.
    socket.on('upgrade', (response) => response.socket.unref());
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('unexpected-response', (_, response) => {
        reject(refusalOf(response));
        socket.terminate();
      });
      socket.on('error', (error) => {
        reject(new HandshakeError(networkReason(error)));
        this.#lose(socket, error);
      });
    });
    keepAlive(socket);
    const subscribe = { jsonrpc: '2.0', id: SUBSCRIPTION_ID, method: 'eth_subscribe', params: ['newHeads'] };
    socket.send(JSON.stringify(subscribe));
    return socket;
  }

  #receive(socket: WebSocket, text: string): void {
    if (socket !== this.#current) return;
    const answer = parsed(this.#redactor.redact(text));
    const id = idOf(answer);
    if (id === SUBSCRIPTION_ID) {
      const subscription = fieldOf(answer, 'result');
      this.#subscription = typeof subscription === 'string' ? subscription : null;
      return;
    }
    const request = id === null ? this.#onlyRequest(answer) : this.#pending.get(id);
    if (request === undefined) return this.#notice(answer);
    if (Buffer.byteLength(text) > request.maxBytes)
      request.reject(new ResponseTooLargeError(`${request.who}: the answer is longer than ${request.maxBytes} bytes`));
    else request.resolve(answer);
  }

  /** An error without an id belongs to the only request there is. */
  #onlyRequest(answer: unknown): PendingRequest | undefined {
    return hasError(answer) && this.#pending.size === 1 ? [...this.#pending.values()][0] : undefined;
  }

  #notice(answer: unknown): void {
    const params = fieldOf(answer, 'params');
    if (this.#subscription === null || fieldOf(params, 'subscription') !== this.#subscription) return;
    const number = Number(fieldOf(fieldOf(params, 'result'), 'number'));
    if (Number.isSafeInteger(number)) this.onHead(number);
  }

  #lose(socket: WebSocket, error?: Error): void {
    if (socket !== this.#current) return;
    this.#current = null;
    this.#socket = null;
    this.#subscription = null;
    const tooLarge = codeOf(error) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    const limit = `the answer is longer than ${MAX_LARGE_RESPONSE_BYTES} bytes`;
    const reason = error === undefined ? 'the connection has ended' : networkReason(error);
    this.#fail((who) =>
      tooLarge
        ? new ResponseTooLargeError(`${who}: ${limit}`)
        : new RpcUnavailableError(`${who}: ${reason}`, 'network_error'),
    );
  }

  #fail(errorFor: (who: string) => RpcUnavailableError): void {
    const requests = [...this.#pending.values()];
    this.#pending.clear();
    for (const { who, reject } of requests) reject(errorFor(who));
  }
}

/** Why there is no connection; free of secrets. */
class HandshakeError extends Error {
  constructor(
    message: string,
    readonly failure: 'network_error' | 'http_error' | 'rate_limited' = 'network_error',
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

function refusalOf({ statusCode = 0, headers }: IncomingMessage): HandshakeError {
  const throttled = statusCode === 429;
  const wait =
    throttled || statusCode === 503 ? retryAfter({ get: (name) => String(headers[name] ?? '') || null }) : null;
  return new HandshakeError(`HTTP ${statusCode} to the WebSocket`, throttled ? 'rate_limited' : 'http_error', wait);
}

/** Ends a connection whose other end is gone without a word. */
function keepAlive(socket: WebSocket): void {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  socket.on('message', hear).on('pong', hear);
  const timer = setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, HEARTBEAT_MS);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

function closed(who: string): RpcUnavailableError {
  return new RpcUnavailableError(`${who}: nothing is asked any more`, 'network_error');
}

/** Codes only: messages name host and port. */
function networkReason(error: Error): string {
  return codeOf(error) ?? 'connection failed';
}

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

function textOf(data: WebSocket.RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : '';
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

function isList<T>(body: T | readonly T[]): body is readonly T[] {
  return Array.isArray(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
