import type { ServerResponse } from 'node:http';
import { type RpcRequest, MockRpcServer } from '../support/rpc/mock-rpc-server.js';

/**
 * - `forward`: as if it were the node behind it
 * - `html`: 401 and a page that repeats what it was asked with, as gateways do
 * - `error`: every call fails with a text that does
 * - `revert`: what executes a transaction without sending it reverts with such a text
 */
export type EchoMode = 'forward' | 'html' | 'error' | 'revert';

const EXECUTING: ReadonlySet<string> = new Set(['eth_call', 'eth_simulateV1', 'eth_estimateGas']);

/** An RPC gateway before a real node, that repeats the secrets it is asked with in its errors. */
export class EchoingNode extends MockRpcServer {
  mode: EchoMode = 'forward';

  private constructor(private readonly node: string) {
    super();
  }

  static async start(node: string): Promise<EchoingNode> {
    return await new EchoingNode(node).listen();
  }

  protected override async accept(request: RpcRequest, response: ServerResponse): Promise<void> {
    const { body, calls, batch, message } = request;
    const echo = `http://${message.headers.host}${message.url} ${message.headers.authorization} ${String(message.headers['x-api-key'])}`;
    if (this.mode === 'html') return void response.writeHead(401).end(`<html><body>no access: ${echo}</body></html>`);
    const refused =
      this.mode === 'error' || (this.mode === 'revert' && calls.some(({ method }) => EXECUTING.has(method)));
    if (!refused) return this.respond(response, { body: (await this.forward(this.node, body)).body });
    const code = this.mode === 'revert' ? 3 : -32_000;
    const answers = calls.map(({ id }) => ({
      jsonrpc: '2.0',
      id,
      error: { code, message: `execution reverted ${echo}` },
    }));
    this.respond(response, { body: JSON.stringify(batch ? answers : answers[0]) });
  }
}
