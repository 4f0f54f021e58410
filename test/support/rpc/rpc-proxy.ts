import type { ServerResponse } from 'node:http';
import {
  resultWithFault,
  type RpcRequestFunction,
  type RpcResult,
  type RpcFault,
  breaksExchange,
  type FaultRule,
  type RpcMethodCall,
} from './rpc-fault.js';
import { type RpcCall, type RpcRequest, MockRpcServer } from './mock-rpc-server.js';

/** Stands between the service and a node, writes down what passes, and breaks what a test wants broken. */
export class RpcProxy extends MockRpcServer {
  /** Every call, in order of arrival; those of a batch one by one. */
  readonly calls: RpcMethodCall[] = [];
  private rule: FaultRule = () => 'forward';
  private onRefusedBatch: (() => void) | null = null;
  private maxBatchSize = Infinity;
  private changeId: ((id: unknown) => unknown) | null = null;
  private readonly hooks = new Map<string, (params: readonly unknown[]) => Promise<void>>();

  private constructor(private target: string) {
    super();
  }

  static async start(target: string): Promise<RpcProxy> {
    return await new RpcProxy(target).listen();
  }

  /** With a path that must never show up anywhere. */
  override get url(): string {
    return `${super.url}/v3/secret-project-0123456789`;
  }

  /** From now on this decides. What breaks one call of a batch breaks the request that holds it. */
  setRule(judge: FaultRule): void {
    this.rule = judge;
  }

  /** From now on every call of a method waits for this before it goes on its way. */
  addHook(method: string, hook: (params: readonly unknown[]) => Promise<void>): void {
    this.hooks.set(method, hook);
  }

  /** Another node stands behind it from now on. */
  setTarget(target: string): void {
    this.target = target;
  }

  /** Answers 400 to every batch from now on, as providers do that do not read lists. */
  refuseBatches(onRefusal: () => void): void {
    this.onRefusedBatch = onRefusal;
  }

  /** Answers a longer batch with an array of one error from now on, as geth does (`--rpc.batch-request-limit`). */
  limitBatches(maxSize: number): void {
    this.maxBatchSize = maxSize;
  }

  /** Answers carry another id from now on, as behind gateways that rewrite them. */
  setIds(change: (id: unknown) => unknown): void {
    this.changeId = change;
  }

  /** Everything passes again. */
  reset(): void {
    this.onRefusedBatch = null;
    this.maxBatchSize = Infinity;
    this.changeId = null;
    this.rule = () => 'forward';
    this.hooks.clear();
  }

  /** How many calls of a method have arrived. */
  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  /** Raw transactions in order of arrival. */
  get sentTransactions(): readonly string[] {
    return this.calls
      .filter(({ method }) => method === 'eth_sendRawTransaction')
      .map(({ params }) => String(params[0]));
  }

  readonly request: RpcRequestFunction = async (method, params = []) => {
    const answer = await this.exchange({ method, params });
    if ('error' in answer) throw new Error(answer.error.message);
    return answer.result;
  };

  protected override async accept({ body, calls, batch }: RpcRequest, response: ServerResponse): Promise<void> {
    if (batch && this.onRefusedBatch !== null) {
      this.onRefusedBatch();
      return void response.writeHead(400).end('batches are not supported');
    }
    if (calls.length > this.maxBatchSize) {
      const error = { code: -32600, message: 'batch too large' };
      return this.respond(response, { body: JSON.stringify([{ jsonrpc: '2.0', id: null, error }]) });
    }
    const fates = await this.faultsOf(calls);
    const breakage = fates.find((fate) => breaksExchange(fate));
    if (breakage !== undefined) return await this.breakExchange(breakage, body, response);
    const untouched = this.changeId === null && fates.every((fate) => fate === 'forward');
    if (untouched) return this.respond(response, await this.forward(this.target, body));
    const answers = await Promise.all(calls.map((call, index) => this.answer(call, fates[index] ?? 'forward')));
    this.respond(response, { body: JSON.stringify(batch ? answers : answers[0]) });
  }

  private async answer(call: RpcCall, fate: RpcFault): Promise<unknown> {
    return {
      jsonrpc: '2.0',
      id: this.changeId ? this.changeId(call.id) : call.id,
      ...(await resultWithFault(call, fate, this.exchange)),
    };
  }

  private readonly exchange = async ({ method, params }: RpcMethodCall): Promise<RpcResult> => {
    const { body } = await this.forward(this.target, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    const answer = JSON.parse(body) as RpcResult;
    return 'error' in answer ? { error: answer.error } : { result: answer.result };
  };

  private async breakExchange(fate: RpcFault, body: string, response: ServerResponse): Promise<void> {
    if (fate === 'hang') return;
    if (fate === 'drop-request') return void response.destroy();
    if (typeof fate === 'number') return void response.writeHead(fate).end('broken on purpose');
    if (fate === 'drop-answer') return void (await this.forward(this.target, body).finally(() => response.destroy()));
    if (typeof fate === 'object' && 'body' in fate)
      return void response.writeHead(fate.status ?? 200, { 'content-type': 'application/json' }).end(fate.body);
    if (typeof fate === 'object' && 'status' in fate) {
      if (fate.forwarded === true) await this.forward(this.target, body);
      return void response.writeHead(fate.status, fate.headers).end('broken on purpose');
    }
    if (fate === 'forward-and-hang') await this.forward(this.target, body);
  }

  private async faultsOf(calls: readonly RpcCall[]): Promise<readonly RpcFault[]> {
    this.calls.push(...calls.map(({ method, params }) => ({ method, params })));
    const fates: RpcFault[] = [];
    for (const call of calls) {
      await this.hooks.get(call.method)?.(call.params);
      fates.push(await this.rule(call));
    }
    return fates;
  }
}
