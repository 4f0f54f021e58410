import type { ServerResponse } from 'node:http';
import { type RpcRequest, MockRpcServer } from './mock-rpc-server.js';

/** Stands between the service and a node, changes nothing, and counts what is asked: a batch is one request. */
export class RpcCallCounter extends MockRpcServer {
  /** Requests by method, or `batch`. */
  readonly counts = new Map<string, number>();

  private constructor(private readonly node: string) {
    // A connection that ends while the service stands still costs it a request that never comes here.
    super({ keepAliveTimeout: 0 });
  }

  static async start(node: string): Promise<RpcCallCounter> {
    return await new RpcCallCounter(node).listen();
  }

  protected override async accept({ body, calls, batch }: RpcRequest, response: ServerResponse): Promise<void> {
    const method = batch ? 'batch' : (calls[0]?.method ?? '');
    this.counts.set(method, (this.counts.get(method) ?? 0) + 1);
    this.respond(response, await this.forward(this.node, body));
  }
}
