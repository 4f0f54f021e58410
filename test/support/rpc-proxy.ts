import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** One JSON-RPC call on its way to the node. */
export interface SeenCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * - `forward`: as if there were no proxy
 * - `drop-request`: the connection breaks before the node hears anything
 * - `drop-answer`: the node does what it is asked, and the connection breaks before its answer
 * - a number: that HTTP status without a JSON-RPC body, and the node hears nothing
 * - an object with `code`: that JSON-RPC error, and the node hears nothing
 */
export type Fate =
  'forward' | 'drop-request' | 'drop-answer' | number | { readonly code: number; readonly message: string };

/** Decides about a call when it arrives. */
export type Judge = (call: SeenCall) => Fate;

interface Request extends SeenCall {
  readonly id: number;
}

/** Stands between the service and a node, writes down what passes, and breaks what a test wants broken. */
export class RpcProxy {
  /** Every call, in order of arrival; those of a batch one by one. */
  readonly seen: SeenCall[] = [];
  private judge: Judge = () => 'forward';
  private readonly hooks = new Map<string, (params: readonly unknown[]) => Promise<void>>();

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {}

  static async start(target: string): Promise<RpcProxy> {
    const server = createServer();
    const proxy = new RpcProxy(server, target);
    server.on('request', (request, response) => {
      proxy.accept(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** With a path that must never show up anywhere. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v3/secret-project-0123456789`;
  }

  /** From now on this decides. A batch shares the first fate among its calls that is not `forward`. */
  decide(judge: Judge): void {
    this.judge = judge;
  }

  /** From now on every call of a method waits for this before it goes on its way. */
  before(method: string, hook: (params: readonly unknown[]) => Promise<void>): void {
    this.hooks.set(method, hook);
  }

  /** Everything passes again. */
  heal(): void {
    this.judge = () => 'forward';
    this.hooks.clear();
  }

  /** How many calls of a method have arrived. */
  count(method: string): number {
    return this.seen.filter((call) => call.method === method).length;
  }

  /** Raw transactions in order of arrival. */
  get sent(): readonly string[] {
    return this.seen.filter(({ method }) => method === 'eth_sendRawTransaction').map(({ params }) => String(params[0]));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Request | readonly Request[];
    const calls = Array.isArray(body) ? (body as readonly Request[]) : [body as Request];
    const fate = await this.fateOf(calls);
    if (fate === 'drop-request') return void response.destroy();
    if (typeof fate === 'number') return void response.writeHead(fate).end('broken on purpose');
    response.setHeader('content-type', 'application/json');
    if (typeof fate === 'object') {
      const answers = calls.map(({ id }) => ({ jsonrpc: '2.0', id, error: fate }));
      return void response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
    }
    const answer = await fetch(this.target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    const content = await answer.text();
    if (fate === 'drop-answer') response.destroy();
    else response.writeHead(answer.status).end(content);
  }

  private async fateOf(calls: readonly Request[]): Promise<Fate> {
    this.seen.push(...calls.map(({ method, params }) => ({ method, params })));
    for (const call of calls) {
      await this.hooks.get(call.method)?.(call.params);
      const fate = this.judge(call);
      if (fate !== 'forward') return fate;
    }
    return 'forward';
  }
}
