import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands between the service and a node, changes nothing, and counts what is asked: a batch is one request. */
export class CountingRpc {
  /** Requests by method, or `batch`. */
  readonly counts = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async start(target: string): Promise<CountingRpc> {
    // A connection that ends while the service stands still costs it a request that never comes here.
    const server = createServer({ keepAliveTimeout: 0 });
    const rpc = new CountingRpc(server);
    server.on('request', (request, response) => {
      rpc.forward(target, request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return rpc;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async forward(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const asked = JSON.parse(body) as { method: string } | readonly unknown[];
    const method = 'method' in asked ? asked.method : 'batch';
    this.counts.set(method, (this.counts.get(method) ?? 0) + 1);
    const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }
}
