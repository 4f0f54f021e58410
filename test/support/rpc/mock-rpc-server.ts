import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A JSON-RPC call as it came over the wire. */
export interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** One HTTP request to a node. */
export interface RpcRequest {
  /** Its body as it came. */
  readonly body: string;
  /** What the body asks for; more than one can be only in a batch. */
  readonly calls: readonly RpcCall[];
  readonly batch: boolean;
  readonly message: IncomingMessage;
}

/** What a client takes for a node, on a free port of the loopback; a request that it fails to answer is cut off. */
export abstract class MockRpcServer {
  protected readonly server: Server;
  /** Keeps connections to the node open: `fetch` takes several times the processor time. */
  private readonly agent = new Agent({ keepAlive: true });

  protected constructor(options: ServerOptions = {}) {
    this.server = createServer(options, (head, response) => {
      this.receive(head, response).catch(() => response.destroy());
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  /** Returns itself when it listens. */
  protected async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  protected abstract accept(request: RpcRequest, response: ServerResponse): Promise<void>;

  /** Has a real node answer. */
  protected async forward(node: string, body: string): Promise<{ readonly status: number; readonly body: string }> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      request(node, { method: 'POST', agent: this.agent, headers }, resolve).once('error', reject).end(body);
    });
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  }

  /** Answers with JSON. */
  protected respond(response: ServerResponse, { status = 200, body }: { status?: number; body: string }): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  private async receive(head: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(head);
    const asked = JSON.parse(body) as RpcCall | readonly RpcCall[];
    const batch = Array.isArray(asked);
    const calls = batch ? (asked as readonly RpcCall[]) : [asked as RpcCall];
    await this.accept({ body, calls, batch, message: head }, response);
  }
}
