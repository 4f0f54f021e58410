import { Logger } from '@nestjs/common';
import type { Metrics, RpcOutcome } from '#telemetry';
import { type ExclusionReason, type EndpointHealth } from '../health/endpoint-health.js';
import type { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { classOf, type MethodClass } from '../rpc-methods.js';

/** Methods whose errors may be caused by the transaction or by a wide range. They do not count as failures of the node. */
const REQUEST_DEPENDENT: ReadonlySet<MethodClass> = new Set(['send', 'logs']);

/** An endpoint in the pool. Every request is measured and updates its health. */
export class PooledEndpoint {
  private readonly logger = new Logger('RpcPool');

  constructor(
    readonly endpoint: JsonRpcEndpoint,
    readonly health: EndpointHealth,
    private readonly metrics: Metrics,
  ) {
    this.metrics.rpcEndpointUp.set({ endpoint: this.name }, 0);
  }

  get name(): string {
    return this.endpoint.name;
  }

  get head(): number | null {
    return this.health.head;
  }

  get latencyMs(): number | null {
    return this.health.latencyMs;
  }

  /** @throws the error of `request`, unchanged */
  async request<T>(method: string, request: (endpoint: JsonRpcEndpoint) => Promise<T>): Promise<T> {
    const labels = { endpoint: this.name, method };
    const stop = this.metrics.rpcRequestDurationSeconds.startTimer(labels);
    try {
      const answer = await request(this.endpoint);
      this.count(method, 'ok');
      this.record(() => this.health.recordSuccess());
      return answer;
    } catch (error) {
      // A closed transport says nothing about the endpoint.
      if (this.endpoint.closed) throw error;
      this.count(method, outcomeOf(error));
      this.record(() => this.learnFrom(error, method));
      throw error;
    } finally {
      stop();
    }
  }

  /** Applies a change of the health, and logs and counts an exclusion or readmission. */
  record(change: () => void): void {
    const before = this.health.exclusion?.reason ?? null;
    change();
    const now = this.health.exclusion;
    if (now !== null) this.metrics.rpcEndpointUp.set({ endpoint: this.name }, 0);
    else if (this.health.proven) this.metrics.rpcEndpointUp.set({ endpoint: this.name }, 1);
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
    if (error.failure === 'rate_limited') return this.health.recordThrottle(error.message, error.retryAfterMs);
    const quick = classOf(method) === 'read' || classOf(method) === 'send';
    this.health.recordFailure(error.failure, error.message, error.failure === 'timeout' && quick);
    const { retryAfterMs } = error;
    if (retryAfterMs !== null && !this.health.inService) this.health.backOff(retryAfterMs);
  }

  /**
   * Records an error object. The detail does not quote the node's error text: it is shown to operators, and providers put
   * access keys into theirs.
   */
  private learnFromAnswer(error: RpcError, method: string): void {
    const kind = classifyRpcError(error);
    const detail = `${method}: error ${error.code}`;
    if (kind === 'throttled') this.health.recordThrottle(detail, error.retryAfterMs);
    else if (kind === 'broken' && !REQUEST_DEPENDENT.has(classOf(method)))
      this.health.recordFailure('http_error', detail, false);
  }

  private count(method: string, outcome: RpcOutcome): void {
    this.metrics.rpcRequestsTotal.inc({ endpoint: this.name, method, outcome });
  }
}

function outcomeOf(error: unknown): RpcOutcome {
  if (error instanceof RpcUnavailableError) return error.failure;
  return error instanceof RpcError && classifyRpcError(error) === 'throttled' ? 'rate_limited' : 'rpc_error';
}
