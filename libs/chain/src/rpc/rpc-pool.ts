import { Injectable, Logger } from '@nestjs/common';
import { Metrics, type RpcOutcome } from '#telemetry';
import { type JsonRpcEndpoint, type RpcCall, RpcError, RpcUnavailable } from './json-rpc-endpoint.js';
import { classifySendError, type SendAnswer } from './send-answer.js';

/** Calls in one HTTP request; providers refuse long batches. */
const BATCH_CALLS = 50;

/** All configured endpoints as one: reads from the first that answers, sends to every one. */
@Injectable()
export class RpcPool {
  private readonly logger = new Logger(RpcPool.name);
  private preferred = 0;

  constructor(
    private readonly endpoints: readonly JsonRpcEndpoint[],
    private readonly metrics: Metrics,
  ) {
    if (endpoints.length === 0) throw new Error('an RPC pool needs an endpoint');
    for (const { name } of endpoints) this.metrics.rpcEndpointUp.set({ endpoint: name }, 0);
  }

  /** @throws RpcError as the node says it; RpcUnavailable when no endpoint answers */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    return await this.firstAnswer(method, (endpoint) => endpoint.call(method, params));
  }

  /** The answers in the order of the calls, a failed call as its RpcError. @throws RpcUnavailable */
  async batch(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    const answers: unknown[] = [];
    for (let start = 0; start < calls.length; start += BATCH_CALLS) {
      const part = calls.slice(start, start + BATCH_CALLS);
      answers.push(...(await this.firstAnswer('batch', (endpoint) => endpoint.batch(part))));
    }
    return answers;
  }

  /** One call to every endpoint; null in place of an answer that did not come. Never throws. */
  async callEach(
    method: string,
    params: readonly unknown[],
  ): Promise<readonly { readonly endpoint: string; readonly answer: unknown }[]> {
    return await Promise.all(
      this.endpoints.map(async (endpoint) => {
        const answer = await this.measured(endpoint, method, () => endpoint.call(method, params)).catch(() => null);
        return { endpoint: endpoint.name, answer };
      }),
    );
  }

  /**
   * Gives the signed bytes to every endpoint. Returns as soon as one has taken them, so that a hanging endpoint delays
   * nothing; otherwise the best answer of all. Never throws.
   */
  async send(raw: string): Promise<SendAnswer> {
    const sends = this.endpoints.map((endpoint) => this.sendTo(endpoint, raw));
    const taken = sends.map(async (send) => {
      const answer = await send;
      if (answer !== 'accepted' && answer !== 'already-known') throw new Error(answer);
      return answer;
    });
    try {
      return await Promise.any(taken);
    } catch {
      const answers = await Promise.all(sends);
      return answers.find((answer) => answer !== 'unavailable') ?? 'unavailable';
    }
  }

  private async sendTo(endpoint: JsonRpcEndpoint, raw: string): Promise<SendAnswer> {
    const method = 'eth_sendRawTransaction';
    try {
      await this.measured(endpoint, method, () => endpoint.call(method, [raw]));
      return 'accepted';
    } catch (error) {
      if (!(error instanceof RpcError)) return 'unavailable';
      const answer = classifySendError(error.message);
      if (answer === 'unknown') {
        this.logger.warn({ message: 'unknown answer to a transaction', endpoint: endpoint.name, error: error.message });
      }
      return answer;
    }
  }

  private async firstAnswer<T>(method: string, ask: (endpoint: JsonRpcEndpoint) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (let tried = 0; tried < this.endpoints.length; tried += 1) {
      const index = (this.preferred + tried) % this.endpoints.length;
      const endpoint = this.endpoints[index];
      if (!endpoint) continue;
      try {
        const answer = await this.measured(endpoint, method, () => ask(endpoint));
        this.preferred = index;
        return answer;
      } catch (error) {
        if (error instanceof RpcError && !isTransient(error)) throw error;
        failure = error;
      }
    }
    throw failure instanceof RpcUnavailable ? failure : new RpcUnavailable(`${method}: every endpoint refuses for now`);
  }

  private async measured<T>(endpoint: JsonRpcEndpoint, method: string, ask: () => Promise<T>): Promise<T> {
    const labels = { endpoint: endpoint.name, method };
    const stop = this.metrics.rpcRequestDurationSeconds.startTimer(labels);
    try {
      const answer = await ask();
      this.metrics.rpcRequestsTotal.inc({ ...labels, outcome: 'ok' });
      this.metrics.rpcEndpointUp.set({ endpoint: endpoint.name }, 1);
      return answer;
    } catch (error) {
      this.metrics.rpcRequestsTotal.inc({ ...labels, outcome: outcomeOf(error) });
      this.metrics.rpcEndpointUp.set({ endpoint: endpoint.name }, error instanceof RpcError ? 1 : 0);
      throw error;
    } finally {
      stop();
    }
  }
}

function outcomeOf(error: unknown): RpcOutcome {
  if (error instanceof RpcUnavailable) return error.failure;
  return error instanceof RpcError && isTransient(error) ? 'rate_limited' : 'rpc_error';
}

/** Said under the code for throttling (besu, Infura), but asking again cannot help: the caller must ask for less. */
const RANGE_LIMIT = /\brange\b|more than \d+ results|batch size/i;

/** The node would answer later, or another one now: throttled, or behind the block that was asked for. */
function isTransient(error: RpcError): boolean {
  if (RANGE_LIMIT.test(error.message)) return false;
  return (
    error.code === -32005 ||
    error.code === 429 ||
    /rate.?limit|too many requests|header not found|unknown block|temporarily|BlockOutOfRange/i.test(error.message)
  );
}
