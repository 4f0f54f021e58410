import { Logger } from '@nestjs/common';
import type { Metrics, RpcOutcome } from '#telemetry';
import { type ExclusionReason, type EndpointHealth } from '../health/endpoint-health.js';
import type { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { classOf, type MethodClass } from '../rpc-methods.js';

/** An error here may be about the transaction, or about a range that is too wide: it does not count against the node. */
const ABOUT_THE_QUESTION: ReadonlySet<MethodClass> = new Set(['send', 'logs']);

/** An endpoint in the pool: every request to it is measured and tells something about its standing. */
export class PooledEndpoint {
  private readonly logger = new Logger('RpcPool');

  constructor(
    readonly endpoint: JsonRpcEndpoint,
    readonly standing: EndpointHealth,
    private readonly metrics: Metrics,
  ) {
    this.metrics.rpcEndpointUp.set({ endpoint: this.name }, 0);
  }

  get name(): string {
    return this.endpoint.name;
  }

  get head(): number | null {
    return this.standing.head;
  }

  get latencyMs(): number | null {
    return this.standing.latencyMs;
  }

  /** @throws what `request` throws, unchanged */
  async request<T>(method: string, request: (endpoint: JsonRpcEndpoint) => Promise<T>): Promise<T> {
    const labels = { endpoint: this.name, method };
    const stop = this.metrics.rpcRequestDurationSeconds.startTimer(labels);
    try {
      const answer = await request(this.endpoint);
      this.count(method, 'ok');
      this.record(() => this.standing.recordSuccess());
      return answer;
    } catch (error) {
      // Our own end says nothing about the endpoint.
      if (this.endpoint.closed) throw error;
      this.count(method, outcomeOf(error));
      this.record(() => this.learnFrom(error, method));
      throw error;
    } finally {
      stop();
    }
  }

  /** Changes the standing; what that means for the endpoint's use is logged and shown. */
  record(change: () => void): void {
    const before = this.standing.exclusion?.reason ?? null;
    change();
    const now = this.standing.exclusion;
    if (now !== null) this.metrics.rpcEndpointUp.set({ endpoint: this.name }, 0);
    else if (this.standing.proven) this.metrics.rpcEndpointUp.set({ endpoint: this.name }, 1);
    if ((now?.reason ?? null) !== before) this.report(now?.reason ?? null, now?.detail ?? '');
  }

  private report(reason: ExclusionReason | null, detail: string): void {
    const endpoint = this.name;
    if (reason === null)
      this.logger.log({ event: 'rpc_endpoint.readmitted', message: 'RPC endpoint readmitted', endpoint });
    else if (reason === 'wrong_chain')
      this.logger.error({
        event: 'rpc_endpoint.wrong_chain',
        message: 'RPC endpoint serves another chain, excluded',
        endpoint,
        detail,
      });
    else
      this.logger.warn({ event: 'rpc_endpoint.excluded', message: 'RPC endpoint excluded', endpoint, reason, detail });
  }

  private learnFrom(error: unknown, method: string): void {
    if (error instanceof RpcError) return this.learnFromAnswer(error, method);
    if (!(error instanceof RpcUnavailableError)) return;
    if (error.failure === 'rate_limited') return this.standing.recordThrottle(error.message, error.retryAfterMs);
    const quick = classOf(method) === 'read' || classOf(method) === 'send';
    this.standing.recordFailure(error.failure, error.message, error.failure === 'timeout' && quick);
    const { retryAfterMs } = error;
    if (retryAfterMs !== null && !this.standing.inService) this.standing.backOff(retryAfterMs);
  }

  /**
   * What a node says to a transaction is about the transaction, unless it wants to be left alone. Its own words are not
   * repeated here: the detail is shown to people, and providers put access keys into theirs.
   */
  private learnFromAnswer(error: RpcError, method: string): void {
    const refusal = classifyRpcError(error);
    const detail = `${method}: error ${error.code}`;
    if (refusal === 'throttled') this.standing.recordThrottle(detail, error.retryAfterMs);
    else if (refusal === 'broken' && !ABOUT_THE_QUESTION.has(classOf(method)))
      this.standing.recordFailure('http_error', detail, false);
  }

  private count(method: string, outcome: RpcOutcome): void {
    this.metrics.rpcRequestsTotal.inc({ endpoint: this.name, method, outcome });
  }
}

function outcomeOf(error: unknown): RpcOutcome {
  if (error instanceof RpcUnavailableError) return error.failure;
  return error instanceof RpcError && classifyRpcError(error) === 'throttled' ? 'rate_limited' : 'rpc_error';
}
