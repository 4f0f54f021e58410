import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RpcCall, type RpcRequest, MockRpcServer } from './mock-rpc-server.js';

/** A JSON-RPC error that a script answers with. */
export class MockRpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}

/** What the node answers to a method, or a promise of it; throws MockRpcError for an error object. */
export type MethodMock = (params: readonly unknown[]) => unknown;

/** An HTTP server that answers JSON-RPC as a test tells it, for what no real node can be made to say. */
export class MockRpcNode extends MockRpcServer {
  /** Every call, in order; those of a batch one by one. */
  readonly calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  /** Headers of every HTTP request. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** TCP connections so far. */
  connections = 0;
  /** Answers the HTTP request itself instead of the script, for what is not JSON-RPC. */
  reply: ((response: ServerResponse, calls: readonly RpcCall[]) => void) | null = null;

  private constructor(public methods: Readonly<Record<string, MethodMock>>) {
    super();
    this.server.on('connection', () => {
      this.connections += 1;
    });
  }

  static async start(script: Readonly<Record<string, MethodMock>> = {}): Promise<MockRpcNode> {
    return await new MockRpcNode(script).listen();
  }

  /** With a path that must never show up anywhere. */
  override get url(): string {
    return `${super.url}/v3/a-secret-access-key`;
  }

  /** From now on every request gets 503. */
  failAll(): void {
    this.reply = (response) => response.writeHead(503).end();
  }

  protected override async accept({ calls, batch, message }: RpcRequest, response: ServerResponse): Promise<void> {
    this.headers.push(message.headers);
    this.calls.push(...calls.map(({ method, params }) => ({ method, params })));
    if (this.reply) return this.reply(response, calls);
    const answers = await Promise.all(calls.map((each) => this.answer(each)));
    this.respond(response, { body: JSON.stringify(batch ? answers : answers[0]) });
  }

  private async answer({ id, method, params }: RpcCall): Promise<object> {
    try {
      const script = this.methods[method];
      if (!script) throw new MockRpcError(-32601, `the method ${method} does not exist`);
      return { jsonrpc: '2.0', id, result: await script(params) };
    } catch (error) {
      if (!(error instanceof MockRpcError)) throw error;
      const { code, message, data } = error;
      return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
    }
  }
}
