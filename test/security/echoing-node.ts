import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * - `forward`: as if it were the node behind it
 * - `html`: 401 and a page that repeats what it was asked with, as gateways do
 * - `error`: every call fails with a text that does
 * - `revert`: what executes a transaction without sending it reverts with such a text
 */
export type EchoMode = 'forward' | 'html' | 'error' | 'revert';

interface Call {
  readonly id: number;
  readonly method: string;
}

const EXECUTING: ReadonlySet<string> = new Set(['eth_call', 'eth_simulateV1', 'eth_estimateGas']);

/** An RPC gateway before a real node, that repeats the secrets it is asked with in its errors. */
export class EchoingNode {
  mode: EchoMode = 'forward';

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {}

  static async start(target: string): Promise<EchoingNode> {
    const server = createServer();
    const node = new EchoingNode(server, target);
    server.on('request', (request, response) => {
      node.accept(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return node;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const echo = `http://${request.headers.host}${request.url} ${request.headers.authorization}`;
    if (this.mode === 'html') return void response.writeHead(401).end(`<html><body>no access: ${echo}</body></html>`);
    response.setHeader('content-type', 'application/json');
    const asked = JSON.parse(body) as Call | readonly Call[];
    const calls = Array.isArray(asked) ? (asked as readonly Call[]) : [asked as Call];
    const refused =
      this.mode === 'error' || (this.mode === 'revert' && calls.some(({ method }) => EXECUTING.has(method)));
    if (!refused) return void response.end(await this.forwarded(body));
    const code = this.mode === 'revert' ? 3 : -32_000;
    const answers = calls.map(({ id }) => ({
      jsonrpc: '2.0',
      id,
      error: { code, message: `execution reverted ${echo}` },
    }));
    response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
  }

  private async forwarded(body: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    return await (await fetch(this.target, { method: 'POST', headers, body })).text();
  }
}
