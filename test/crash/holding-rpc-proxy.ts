import type { ServerResponse } from 'node:http';
import { keccak256, Transaction } from 'ethers';
import { type RpcCall, type RpcRequest, MockRpcServer } from '../support/rpc/mock-rpc-server.js';

const SEND = 'eth_sendRawTransaction';
const FIND = 'eth_getTransactionByHash';

/** What becomes of a transaction that the service hands over; the service is told that it was taken. */
export type SendHandling =
  /** The node gets it. */
  | 'pass'
  /** It waits in a pool that no block takes anything from. */
  | 'hold'
  /** Loses it: it never reaches the node. */
  | 'lose';

/** The node as one service sees it: decides which of its transactions come through, while others use the same chain. */
export class HoldingRpcProxy extends MockRpcServer {
  /** Signed transactions in order of arrival, repetitions included. */
  readonly sent: string[] = [];
  /** What becomes of a transaction, given as its bytes. */
  handling: (raw: string) => SendHandling = () => 'pass';
  /** While true, everything but sending is answered with an HTTP error. */
  sendOnly = false;
  /** Runs when a transaction arrives, before anything is done with it. */
  onArrival: (raw: string) => Promise<void> | void = () => undefined;
  /** Runs when the node has a transaction, before the service hears of it. */
  onAccepted: (raw: string) => Promise<void> | void = () => undefined;
  private readonly held = new Map<string, string>();

  private constructor(private readonly node: string) {
    super();
  }

  static async start(node: string): Promise<HoldingRpcProxy> {
    return await new HoldingRpcProxy(node).listen();
  }

  /** Transactions that wait in the pool, oldest first. */
  get waiting(): readonly string[] {
    return [...this.held.values()];
  }

  /** From now on everything comes through. What waited is forgotten: the service has to send it again. */
  passAll(): void {
    this.handling = () => 'pass';
    this.sendOnly = false;
    this.onAccepted = () => undefined;
    this.held.clear();
  }

  /** A transaction has left the pool. */
  release(raw: string): void {
    this.held.delete(keccak256(raw));
  }

  protected override async accept({ body, calls, batch }: RpcRequest, response: ServerResponse): Promise<void> {
    if (this.sendOnly && !calls.some(({ method }) => method === SEND)) return void response.writeHead(503).end();
    const own = await Promise.all(calls.map((each) => this.answer(each)));
    const answers = own.every((answer) => answer !== undefined)
      ? JSON.stringify(batch ? own : own[0])
      : (await this.forward(this.node, body)).body;
    for (const each of calls) if (each.method === SEND) await this.onAccepted(String(each.params[0]));
    this.respond(response, { body: answers });
  }

  /** Undefined for what the node is to answer. */
  private async answer({ id, method, params }: RpcCall): Promise<object | undefined> {
    const [subject] = params.map(String);
    if (subject === undefined) return undefined;
    if (method === FIND) return this.held.has(subject) ? { jsonrpc: '2.0', id, result: { hash: subject } } : undefined;
    if (method !== SEND) return undefined;
    await this.onArrival(subject);
    const treatment = this.handling(subject);
    const hash = String(Transaction.from(subject).hash);
    if (treatment === 'hold') this.held.set(hash, subject);
    this.sent.push(subject);
    if (treatment === 'pass') return undefined;
    return { jsonrpc: '2.0', id, result: hash };
  }
}
