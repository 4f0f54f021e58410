import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../../../test/support/until.js';
import { RpcUnavailableError } from '../rpc.errors.js';
import { JsonRpcEndpoint } from './json-rpc-endpoint.js';
import { DIRECT } from './rpc-connection.js';

const SECRET = 'a-secret-access-key';
const HEADER = 'a-secret-header-value';

interface Request {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A WebSocket server that answers as a test tells it. */
class Node {
  readonly handshakes: IncomingMessage['headers'][] = [];
  readonly requests: Request[] = [];
  /** Undefined: no answer. */
  answer: (request: Request) => unknown = ({ params }) => ({ result: params[0] ?? null });
  /** Status instead of a WebSocket. */
  refusal: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | null = null;
  private readonly sockets: WebSocketServer;

  private constructor(
    private readonly http: Server,
    readonly url: string,
  ) {
    this.sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
      this.handshakes.push(request.headers);
      if (this.refusal !== null) {
        const lines = Object.entries(this.refusal.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.end(`HTTP/1.1 ${this.refusal.status} No\r\n${lines.join('')}content-length: 0\r\n\r\n`);
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (client) => this.serve(client));
    });
  }

  static async start(): Promise<Node> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    return new Node(http, `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v3/${SECRET}`);
  }

  push(message: unknown): void {
    for (const client of this.sockets.clients) client.send(JSON.stringify(message));
  }

  /** Reads nothing any more, pings included, and says nothing. */
  freeze(): void {
    for (const client of this.sockets.clients) client.pause();
  }

  dropConnections(): void {
    for (const client of this.sockets.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.dropConnections();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  private serve(client: WebSocket): void {
    client.on('message', (data: Buffer) => {
      const request = JSON.parse(data.toString('utf8')) as Request;
      this.requests.push(request);
      const answer = this.answer(request);
      if (answer !== undefined) client.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...Object(answer) }));
    });
  }
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => Promise.reject(new Error('it answered')),
    (error: unknown) => error,
  );

/** Nothing of URL and headers, however deep in the error. */
const expectSilence = (error: unknown): void => {
  const everything = inspect(error, { depth: 20, showHidden: true });
  for (const secret of [SECRET, HEADER, '127.0.0.1']) expect(everything).not.toContain(secret);
};

const head = (subscription: string, number: unknown) => ({
  jsonrpc: '2.0',
  method: 'eth_subscription',
  params: { subscription, result: { number } },
});

describe('an endpoint over a WebSocket', () => {
  let node: Node;
  let endpoint: JsonRpcEndpoint;
  beforeEach(async () => {
    node = await Node.start();
    const connection = { ...DIRECT, headers: { 'x-api-key': HEADER } };
    endpoint = new JsonRpcEndpoint('rpc-1', node.url, 20_000, connection);
  });
  afterEach(async () => {
    vi.useRealTimers();
    endpoint.close();
    await node.stop();
  });

  it('makes every call over one connection, with the headers', async () => {
    expect(await endpoint.call('echo', [1])).toBe(1);
    expect(await Promise.all([2, 3].map((value) => endpoint.call('echo', [value])))).toEqual([2, 3]);
    expect(node.handshakes).toEqual([expect.objectContaining({ 'x-api-key': HEADER })]);
  });

  it('matches the answers of a batch that come in another order', async () => {
    const held: Request[] = [];
    node.answer = (request) => {
      if (request.method !== 'echo') return undefined;
      held.push(request);
      if (held.length === 3)
        for (const { id, params } of held.toReversed()) node.push({ jsonrpc: '2.0', id, result: params[0] });
      return undefined;
    };
    const calls = ['a', 'b', 'c'].map((value) => ({ method: 'echo', params: [value] }));
    expect(await endpoint.batch(calls)).toEqual(['a', 'b', 'c']);
  });

  it('reports an error of the node and repeats no secret of it', async () => {
    node.answer = () => ({ error: { code: -32000, message: `bad key ${HEADER} at https://rpc.example/${SECRET}` } });
    const error = await failure(endpoint.call('echo', []));
    expect(error).toMatchObject({ name: 'RpcError', code: -32000 });
    expectSilence(error);
  });

  it('takes an error without an id for the answer to the only request', async () => {
    node.answer = ({ method }) =>
      method === 'echo' ? { id: null, error: { code: -32600, message: 'no' } } : undefined;
    expect(await failure(endpoint.call('echo', []))).toMatchObject({ code: -32600 });
  });

  it('gives a request up in time, and no other one', async () => {
    node.answer = ({ method }) => (method === 'slow' ? undefined : { result: 'quick' });
    const impatient = new JsonRpcEndpoint('rpc-1', node.url, 300);
    expect(await failure(impatient.call('slow', []))).toMatchObject({
      failure: 'timeout',
      message: 'slow on rpc-1: no answer in time',
    });
    expect(await impatient.call('quick', [])).toBe('quick');
    impatient.close();
  });

  it('cuts off an answer that is longer than its method can need', async () => {
    node.answer = ({ method }) => (method === 'eth_subscribe' ? undefined : { result: 'x'.repeat(5 * 1024 * 1024) });
    expect(await failure(endpoint.call('eth_chainId', []))).toMatchObject({ failure: 'unreadable' });
    node.answer = ({ method }) => (method === 'eth_subscribe' ? undefined : { result: 'x'.repeat(17 * 1024 * 1024) });
    expect(await failure(endpoint.call('eth_chainId', []))).toMatchObject({
      failure: 'unreadable',
      message: expect.stringContaining('longer than 16777216 bytes') as string,
    });
  });

  it('ends the requests of a connection that is lost, and opens the next one', async () => {
    node.answer = () => undefined;
    const lost = failure(endpoint.call('echo', []));
    await until('the request', () => node.requests.some(({ method }) => method === 'echo'));
    node.dropConnections();
    expect(await lost).toMatchObject({ failure: 'network_error' });
    node.answer = () => ({ result: 'again' });
    expect(await endpoint.call('echo', [])).toBe('again');
    expect(node.handshakes).toHaveLength(2);
  });

  it.each([
    [401, {}, 'http_error', null],
    [429, { 'retry-after': '7' }, 'rate_limited', 7_000],
  ] as const)('reports a handshake that is answered with %i', async (status, headers, kind, retryAfterMs) => {
    node.refusal = { status, headers };
    const error = await failure(endpoint.call('eth_chainId', []));
    expect(error).toMatchObject({ failure: kind, retryAfterMs });
    expect((error as Error).message).toBe(`eth_chainId on rpc-1: HTTP ${status} to the WebSocket`);
    expectSilence(error);
  });

  it('says that there is no node, and not where', async () => {
    const absent = new JsonRpcEndpoint('rpc-1', `ws://127.0.0.1:1/${SECRET}`, 5_000);
    const error = await failure(absent.call('eth_chainId', []));
    expect(error).toMatchObject({ failure: 'network_error', message: 'eth_chainId on rpc-1: ECONNREFUSED' });
    expectSilence(error);
  });

  it('ends the requests under way when it is closed, and makes no more', async () => {
    node.answer = () => undefined;
    const open = failure(endpoint.call('echo', []));
    await until('the request', () => node.requests.some(({ method }) => method === 'echo'));
    endpoint.close();
    expect(await open).toBeInstanceOf(RpcUnavailableError);
    expect(await failure(endpoint.call('echo', []))).toBeInstanceOf(RpcUnavailableError);
    expect(node.handshakes).toHaveLength(1);
  });

  it('reports the heads that the node pushes, as long as the connection lives', async () => {
    const heads: number[] = [];
    endpoint.onHead = (number) => heads.push(number);
    node.answer = ({ method, params }) => ({ result: method === 'eth_subscribe' ? '0xabc' : params[0] });
    await endpoint.call('echo', [1]);
    await until('the subscription', () => endpoint.pushesHeads);
    for (const message of [head('0xdef', '0x1'), head('0xabc', 'many'), head('0xabc', '0x7')]) node.push(message);
    await until('the head', () => heads.length > 0);
    expect(heads).toEqual([7]);
    node.dropConnections();
    await until('the end of the subscription', () => !endpoint.pushesHeads);
  });

  it('ends the connection of a silent node, and the requests under way, at the second heartbeat', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    node.answer = ({ method }) => (method === 'eth_subscribe' ? { result: '0xabc' } : undefined);
    const open = failure(endpoint.call('echo', [1]));
    await until('the subscription', () => endpoint.pushesHeads);
    node.freeze();
    vi.advanceTimersByTime(10_000);
    expect(endpoint.pushesHeads).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(await open).toMatchObject({ failure: 'network_error' });
    expect(endpoint.pushesHeads).toBe(false);
    node.answer = () => ({ result: 'again' });
    expect(await endpoint.call('echo', [])).toBe('again');
  });

  it('pushes nothing when the node refuses the subscription', async () => {
    node.answer = ({ method, params }) =>
      method === 'eth_subscribe' ? { error: { code: -32601, message: 'no' } } : { result: params[0] };
    await endpoint.call('echo', [1]);
    await endpoint.call('echo', [2]);
    expect(endpoint.pushesHeads).toBe(false);
  });
});
