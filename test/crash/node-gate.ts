import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keccak256, Transaction } from 'ethers';

const SEND = 'eth_sendRawTransaction';
const FIND = 'eth_getTransactionByHash';

/** What becomes of a transaction that the service hands over; the service is told that it was taken. */
export type Treatment =
  /** The node gets it. */
  | 'pass'
  /** It waits in a pool that no block takes anything from. */
  | 'hold'
  /** It is lost: nobody has ever heard of it. */
  | 'lose';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The node as one service sees it: decides which of its transactions come through, while others use the same chain. */
export class NodeGate {
  /** Signed transactions in order of arrival, repetitions included. */
  readonly sent: string[] = [];
  /** What becomes of a transaction, given as its bytes. */
  treatment: (raw: string) => Treatment = () => 'pass';
  /** While true, everything but sending is answered with an HTTP error. */
  blind = false;
  /** Runs when a transaction arrives, before anything is done with it. */
  onArrival: (raw: string) => Promise<void> | void = () => undefined;
  /** Runs when the node has a transaction, before the service hears of it. */
  onTaken: (raw: string) => Promise<void> | void = () => undefined;
  private readonly held = new Map<string, string>();

  private constructor(
    private readonly server: Server,
    private readonly node: string,
  ) {}

  static async start(node: string): Promise<NodeGate> {
    const server = createServer();
    const gate = new NodeGate(server, node);
    server.on('request', (request, response) => {
      gate.accept(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Transactions that wait in the pool, oldest first. */
  get waiting(): readonly string[] {
    return [...this.held.values()];
  }

  /** From now on everything comes through. What waited is forgotten: the service has to send it again. */
  open(): void {
    this.treatment = () => 'pass';
    this.blind = false;
    this.onTaken = () => undefined;
    this.held.clear();
  }

  /** A transaction has left the pool. */
  release(raw: string): void {
    this.held.delete(keccak256(raw));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Request | Request[];
    const requests = Array.isArray(body) ? body : [body];
    if (this.blind && !requests.some(({ method }) => method === SEND)) return void response.writeHead(503).end();
    const own = await Promise.all(requests.map((each) => this.answer(each)));
    const answers = own.every((answer) => answer !== undefined)
      ? JSON.stringify(Array.isArray(body) ? own : own[0])
      : await this.askNode(text);
    for (const each of requests) if (each.method === SEND) await this.onTaken(String(each.params[0]));
    response.setHeader('content-type', 'application/json').end(answers);
  }

  /** Undefined for what the node is to answer. */
  private async answer({ id, method, params }: Request): Promise<object | undefined> {
    const [subject] = params.map(String);
    if (subject === undefined) return undefined;
    if (method === FIND) return this.held.has(subject) ? { jsonrpc: '2.0', id, result: { hash: subject } } : undefined;
    if (method !== SEND) return undefined;
    await this.onArrival(subject);
    const treatment = this.treatment(subject);
    const hash = String(Transaction.from(subject).hash);
    if (treatment === 'hold') this.held.set(hash, subject);
    this.sent.push(subject);
    if (treatment === 'pass') return undefined;
    return { jsonrpc: '2.0', id, result: hash };
  }

  private async askNode(text: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    return await (await fetch(this.node, { method: 'POST', headers, body: text })).text();
  }
}
