import { Injectable } from '@nestjs/common';
import type { Metrics } from '#telemetry';
import { RPC_OUTCOMES } from '#telemetry';
import { MonotonicHead, headOf } from './monotonic-head.js';
import { EndpointHealthCheck } from '../health/endpoint-health-check.js';
import { type Exclusion, EndpointHealth } from '../health/endpoint-health.js';
import type { JsonRpcEndpoint, RpcCall } from '../transport/json-rpc-endpoint.js';
import { PooledEndpoint } from './pooled-endpoint.js';
import { DEFAULT_POOL_OPTIONS, type PoolOptions } from './pool-options.js';
import { ReadEndpointSelector } from './read-endpoint-selector.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { BATCH, METHOD_LABELS } from '../rpc-methods.js';
import type { SendResult } from './send-result.js';
import { TransactionBroadcaster } from './transaction-broadcaster.js';
import { EndpointHealthWorker } from '../health/endpoint-health.worker.js';

/** Calls in one request to the pool. */
const BATCH_CALLS = 50;

type Ask<T> = (endpoint: JsonRpcEndpoint) => Promise<T>;

/**
 * All configured endpoints as one.
 *
 * Reads come from one endpoint as long as it answers, so that what is read in one moment belongs together; and only from
 * one whose head is not below the newest block that this pool has handed out (`eth_getBlockByNumber` with `latest`).
 * Whoever acts on a block can rely on it: no later answer comes from an endpoint that has not seen that block. When no
 * endpoint has it, reads throw RpcUnavailableError until one has, or until `maxLagMs` is over: then the head goes back, which
 * is logged. What a provider hides behind one URL cannot be told apart; there the promise is the provider's.
 */
@Injectable()
export class RpcPool {
  private readonly members: readonly PooledEndpoint[];
  private readonly monotonicHead: MonotonicHead;
  private readonly selector: ReadEndpointSelector;
  private readonly loop: EndpointHealthWorker;
  private readonly broadcast: TransactionBroadcaster;

  constructor(endpoints: readonly JsonRpcEndpoint[], metrics: Metrics, options: PoolOptions = DEFAULT_POOL_OPTIONS) {
    this.members = endpoints.map((endpoint) => memberOf(endpoint, metrics, options));
    const [first] = this.members;
    if (first === undefined) throw new Error('an RPC pool needs an endpoint');
    this.monotonicHead = new MonotonicHead(options.maxLagMs);
    const survey = new EndpointHealthCheck(this.members, this.monotonicHead, options);
    this.selector = new ReadEndpointSelector(this.members, first, this.monotonicHead, survey);
    this.loop = new EndpointHealthWorker(this.members, survey, this.selector, options.probeIntervalMs);
    this.broadcast = new TransactionBroadcaster(this.members);
  }

  /** From now on endpoints are compared, and those that were put aside are looked at again, in the background. */
  start(): void {
    this.loop.start();
  }

  /** Ends that and every request: those under way, and those that are still made, find no endpoint. */
  async stop(): Promise<void> {
    const stopped = this.loop.stop();
    for (const { endpoint } of this.members) endpoint.close();
    await stopped;
  }

  /** Endpoints that are not used now, and why. */
  get exclusions(): readonly (Exclusion & { readonly endpoint: string })[] {
    return this.members.flatMap(({ name, standing }) =>
      standing.exclusion === null ? [] : [{ ...standing.exclusion, endpoint: name }],
    );
  }

  /** @throws RpcError as the node says it; RpcUnavailableError when no endpoint answers */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const ask: Ask<unknown> = (endpoint) => endpoint.call(method, params);
    return method === 'eth_getBlockByNumber' && params[0] === 'latest'
      ? await this.head(method, ask)
      : await this.read(method, ask);
  }

  /** The answers in the order of the calls, a failed call as its RpcError. @throws RpcUnavailableError */
  async batch(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    const answers: unknown[] = [];
    for (let start = 0; start < calls.length; start += BATCH_CALLS) {
      answers.push(...(await this.part(calls.slice(start, start + BATCH_CALLS))));
    }
    return answers;
  }

  /** The chain id that every endpoint answers, also those that are not used; null where none comes. Never throws. */
  async chainIds(): Promise<readonly { readonly endpoint: string; readonly answer: unknown }[]> {
    const method = 'eth_chainId';
    return await Promise.all(
      this.members.map(async (member) => {
        const answer = await member.request(method, (endpoint) => endpoint.call(method, [])).catch(() => null);
        if (answer !== null) member.standing.verified = true;
        return { endpoint: member.name, answer };
      }),
    );
  }

  /** Gives the signed bytes to every endpoint that is in service, or to all when none is. See `TransactionBroadcaster`. Never throws. */
  async send(raw: string): Promise<SendResult> {
    return await this.broadcast.send(raw);
  }

  /** A call that the node answers with a refusal makes the whole part go to the next endpoint. */
  private async part(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    let last: readonly unknown[] = [];
    try {
      return await this.read(BATCH, async (endpoint) => {
        last = await endpoint.batch(calls);
        for (const answer of last) if (answer instanceof RpcError && classifyRpcError(answer) !== 'none') throw answer;
        return last;
      });
    } catch (error) {
      if (error instanceof RpcError) return last;
      throw error;
    }
  }

  /** The newest block: never an older one than before, see above. */
  private async head(method: string, ask: Ask<unknown>): Promise<unknown> {
    const behind = new Set<PooledEndpoint>();
    return await this.read(method, ask, (answer, member, askedAt) => {
      if (answer === null) return true;
      const block = headOf(answer);
      member.standing.reportHead(block.number, askedAt);
      if (this.monotonicHead.advance(block, member)) return true;
      if (behind.has(member)) return false;
      behind.add(member);
      return 'again';
    });
  }

  /**
   * The first answer that is accepted, from one endpoint after the other.
   *
   * @param accepts `again`: the same endpoint may be asked once more
   */
  private async read<T>(
    method: string,
    ask: Ask<T>,
    accepts: (answer: T, member: PooledEndpoint, askedAt: number) => boolean | 'again' = () => true,
  ): Promise<T> {
    const tried = new Set<PooledEndpoint>();
    let failure: unknown = null;
    for (;;) {
      const member = await this.selector.next(tried);
      if (member === null) throw this.refused(method, failure);
      const askedAt = Date.now();
      try {
        const answer = await member.request(method, ask);
        const accepted = accepts(answer, member, askedAt);
        if (accepted === true) return answer;
        if (accepted === false) tried.add(member);
      } catch (error) {
        if (error instanceof RpcError && classifyRpcError(error) === 'none') throw error;
        tried.add(member);
        failure = error;
      }
    }
  }

  /** A node's own words, when they are about the question or about itself; otherwise that nobody can be asked now. */
  private refused(method: string, failure: unknown): unknown {
    if (failure instanceof RpcUnavailableError) return failure;
    const final = failure instanceof RpcError && ['broken', 'unsupported'].includes(classifyRpcError(failure));
    if (final) return failure;
    const asides = this.exclusions.map(({ endpoint, reason }) => `${endpoint} is ${reason}`);
    return new RpcUnavailableError(
      `${method}: no endpoint can be asked now (${asides.join(', ') || 'all are behind'})`,
    );
  }
}

function memberOf(endpoint: JsonRpcEndpoint, metrics: Metrics, options: PoolOptions): PooledEndpoint {
  for (const method of METHOD_LABELS) {
    for (const outcome of RPC_OUTCOMES) metrics.rpcRequestsTotal.inc({ endpoint: endpoint.name, method, outcome }, 0);
  }
  const standing = new EndpointHealth(Math.min(1_000, options.probeIntervalMs));
  standing.verified = options.chainId === null;
  return new PooledEndpoint(endpoint, standing, metrics);
}
