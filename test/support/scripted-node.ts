import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A JSON-RPC error that a script answers with. */
export class NodeError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}

/** What the node answers to a method, or a promise of it; throws NodeError for an error object. */
export type Script = (params: readonly unknown[]) => unknown;

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An HTTP server that answers JSON-RPC as a test tells it, for what no real node can be made to say. */
export class ScriptedNode {
  /** Every call, in order; those of a batch one by one. */
  readonly calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  /** Headers of every HTTP request. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** TCP connections so far. */
  connections = 0;
  /** Answers the HTTP request itself instead of the script, for what is not JSON-RPC. */
  reply: ((response: ServerResponse, requests: readonly Request[]) => void) | null = null;

  private constructor(
    private readonly server: Server,
    public script: Readonly<Record<string, Script>>,
  ) {}

  static async start(script: Readonly<Record<string, Script>> = {}): Promise<ScriptedNode> {
    const server = createServer();
    const node = new ScriptedNode(server, script);
    server.on('request', (request, response) => void node.accept(request, response));
    server.on('connection', () => {
      node.connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return node;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** With a path that must never show up anywhere. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v3/a-secret-access-key`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private async accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.headers.push(request.headers);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Request | Request[];
    const requests = Array.isArray(body) ? body : [body];
    this.calls.push(...requests.map(({ method, params }) => ({ method, params })));
    if (this.reply) return this.reply(response, requests);
    const answers = await Promise.all(requests.map((each) => this.answer(each)));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  }

  private async answer({ id, method, params }: Request): Promise<object> {
    try {
      const script = this.script[method];
      if (!script) throw new NodeError(-32601, `the method ${method} does not exist`);
      return { jsonrpc: '2.0', id, result: await script(params) };
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { code, message, data } = error;
      return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
    }
  }
}
