import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { answerOf, type Ask, type CallAnswer, type Fate, isBreakage, type Judge, type SeenCall } from './rpc-fates.js';

export type { Fate, Judge, SeenCall } from './rpc-fates.js';

interface Request extends SeenCall {
  readonly id: number;
}

/** Stands between the service and a node, writes down what passes, and breaks what a test wants broken. */
export class RpcProxy {
  /** Every call, in order of arrival; those of a batch one by one. */
  readonly seen: SeenCall[] = [];
  private judge: Judge = () => 'forward';
  private onBatch: (() => void) | null = null;
  private readonly hooks = new Map<string, (params: readonly unknown[]) => Promise<void>>();

  private constructor(
    private readonly server: Server,
    private target: string,
  ) {}

  static async start(target: string): Promise<RpcProxy> {
    const server = createServer();
    const proxy = new RpcProxy(server, target);
    server.on('request', (request, response) => {
      proxy.accept(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** With a path that must never show up anywhere. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v3/secret-project-0123456789`;
  }

  /** From now on this decides. What breaks one call of a batch breaks the request that holds it. */
  decide(judge: Judge): void {
    this.judge = judge;
  }

  /** From now on every call of a method waits for this before it goes on its way. */
  before(method: string, hook: (params: readonly unknown[]) => Promise<void>): void {
    this.hooks.set(method, hook);
  }

  /** Another node stands behind it from now on. */
  pointTo(target: string): void {
    this.target = target;
  }

  /** Answers 400 to every batch from now on, as providers do that do not read lists. */
  refuseBatches(onRefusal: () => void): void {
    this.onBatch = onRefusal;
  }

  /** Everything passes again. */
  heal(): void {
    this.onBatch = null;
    this.judge = () => 'forward';
    this.hooks.clear();
  }

  /** How many calls of a method have arrived. */
  count(method: string): number {
    return this.seen.filter((call) => call.method === method).length;
  }

  /** Raw transactions in order of arrival. */
  get sent(): readonly string[] {
    return this.seen.filter(({ method }) => method === 'eth_sendRawTransaction').map(({ params }) => String(params[0]));
  }

  readonly ask: Ask = async (method, params = []) => {
    const answer = await this.exchange({ method, params });
    if ('error' in answer) throw new Error(answer.error.message);
    return answer.result;
  };

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Request | readonly Request[];
    if (Array.isArray(body) && this.onBatch !== null) {
      this.onBatch();
      return void response.writeHead(400).end('batches are not supported');
    }
    const calls = Array.isArray(body) ? (body as readonly Request[]) : [body as Request];
    const fates = await this.fatesOf(calls);
    const breakage = fates.find((fate) => isBreakage(fate));
    if (breakage !== undefined) return await this.break(breakage, body, response);
    if (fates.every((fate) => fate === 'forward')) return this.reply(response, await this.post(body));
    const answers = await Promise.all(calls.map((call, index) => this.answer(call, fates[index] ?? 'forward')));
    this.reply(response, { status: 200, body: JSON.stringify(Array.isArray(body) ? answers : answers[0]) });
  }

  private async answer(call: Request, fate: Fate): Promise<unknown> {
    return { jsonrpc: '2.0', id: call.id, ...(await answerOf(call, fate, this.exchange)) };
  }

  private readonly exchange = async ({ method, params }: SeenCall): Promise<CallAnswer> => {
    const { body } = await this.post({ jsonrpc: '2.0', id: 1, method, params });
    const answer = JSON.parse(body) as CallAnswer;
    return 'error' in answer ? { error: answer.error } : { result: answer.result };
  };

  private async break(fate: Fate, body: unknown, response: ServerResponse): Promise<void> {
    if (fate === 'hang') return;
    if (fate === 'drop-request') return void response.destroy();
    if (typeof fate === 'number') return void response.writeHead(fate).end('broken on purpose');
    if (fate === 'drop-answer') return void (await this.post(body).finally(() => response.destroy()));
    if (typeof fate === 'object' && 'status' in fate) {
      if (fate.forwarded === true) await this.post(body);
      return void response.writeHead(fate.status, fate.headers).end('broken on purpose');
    }
    if (fate === 'forward-and-hang') await this.post(body);
  }

  private async post(body: unknown): Promise<{ readonly status: number; readonly body: string }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(this.target, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.text() };
  }

  private reply(response: ServerResponse, { status, body }: { readonly status: number; readonly body: string }): void {
    response.setHeader('content-type', 'application/json');
    response.writeHead(status).end(body);
  }

  private async fatesOf(calls: readonly Request[]): Promise<readonly Fate[]> {
    this.seen.push(...calls.map(({ method, params }) => ({ method, params })));
    const fates: Fate[] = [];
    for (const call of calls) {
      await this.hooks.get(call.method)?.(call.params);
      fates.push(await this.judge(call));
    }
    return fates;
  }
}
