import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RpcCall, type RpcRequest, RpcStandIn } from './mock-rpc-server.js';

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

/** An HTTP server that answers JSON-RPC as a test tells it, for what no real node can be made to say. */
export class ScriptedNode extends RpcStandIn {
  /** Every call, in order; those of a batch one by one. */
  readonly calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  /** Headers of every HTTP request. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** TCP connections so far. */
  connections = 0;
  /** Answers the HTTP request itself instead of the script, for what is not JSON-RPC. */
  reply: ((response: ServerResponse, calls: readonly RpcCall[]) => void) | null = null;

  private constructor(public script: Readonly<Record<string, Script>>) {
    super();
    this.server.on('connection', () => {
      this.connections += 1;
    });
  }

  static async start(script: Readonly<Record<string, Script>> = {}): Promise<ScriptedNode> {
    return await new ScriptedNode(script).listen();
  }

  /** With a path that must never show up anywhere. */
  override get url(): string {
    return `${super.url}/v3/a-secret-access-key`;
  }

  /** From now on every request gets 503. */
  fail(): void {
    this.reply = (response) => response.writeHead(503).end();
  }

  protected override async accept({ calls, batch, head }: RpcRequest, response: ServerResponse): Promise<void> {
    this.headers.push(head.headers);
    this.calls.push(...calls.map(({ method, params }) => ({ method, params })));
    if (this.reply) return this.reply(response, calls);
    const answers = await Promise.all(calls.map((each) => this.answer(each)));
    this.respond(response, { body: JSON.stringify(batch ? answers : answers[0]) });
  }

  private async answer({ id, method, params }: RpcCall): Promise<object> {
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
