import type { ServerResponse } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { MockRpcServer, type RpcRequest } from '../../../test/support/rpc/mock-rpc-server.js';

/** What a client has asked a node for so far. */
export interface RpcTraffic {
  /** HTTP requests, or messages to a WebSocket. */
  readonly requests: number;
  /** Calls; each of a batch counts. */
  readonly calls: number;
  /** Bytes of uncompressed answers and pushed heads. */
  readonly answerBytes: number;
}

/** Stands between the service and a node, over HTTP or WebSockets, changes nothing, and counts. */
export class CountingNodeProxy extends MockRpcServer {
  private counted = { requests: 0, calls: 0, answerBytes: 0 };
  /** Calls by method. */
  private readonly methods = new Map<string, number>();
  private readonly sockets = new WebSocketServer({ server: this.server });

  private constructor(private readonly node: string) {
    super();
    this.sockets.on('connection', (client) => this.relay(client));
  }

  static async start(node: string): Promise<CountingNodeProxy> {
    return await new CountingNodeProxy(node).listen();
  }

  get traffic(): RpcTraffic {
    return { ...this.counted };
  }

  /** Calls by method, the most frequent first, as one line. */
  get summary(): string {
    const sorted = [...this.methods].toSorted(([, one], [, other]) => other - one);
    return sorted.map(([method, count]) => `${method} ${count}`).join(', ');
  }

  /** Begins to count anew. */
  reset(): void {
    this.counted = { requests: 0, calls: 0, answerBytes: 0 };
    this.methods.clear();
  }

  override async stop(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
    await super.stop();
  }

  protected override async accept({ body, calls }: RpcRequest, response: ServerResponse): Promise<void> {
    this.countRequest(calls);
    const answer = await this.forward(this.node, body);
    this.counted.answerBytes += Buffer.byteLength(answer.body);
    this.respond(response, answer);
  }

  private countRequest(calls: readonly unknown[]): void {
    this.counted.requests += 1;
    this.counted.calls += calls.length;
    for (const call of calls) {
      const method = typeof call === 'object' && call !== null && 'method' in call ? String(call.method) : 'unknown';
      this.methods.set(method, (this.methods.get(method) ?? 0) + 1);
    }
  }

  private relay(client: WebSocket): void {
    const node = new WebSocket(this.node.replace('http:', 'ws:'));
    const early: string[] = [];
    node.on('open', () => {
      for (const text of early) node.send(text);
    });
    node.on('message', (data: Buffer) => {
      this.counted.answerBytes += data.length;
      client.send(data.toString());
    });
    client.on('message', (data: Buffer) => {
      const text = data.toString();
      const request: unknown = JSON.parse(text);
      this.countRequest(Array.isArray(request) ? request : [request]);
      if (node.readyState === WebSocket.OPEN) node.send(text);
      else early.push(text);
    });
    for (const [one, other] of [
      [client, node],
      [node, client],
    ] as const) {
      one.on('error', () => other.terminate());
      one.on('close', () => other.close());
    }
  }
}
