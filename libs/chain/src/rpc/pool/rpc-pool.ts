import { Injectable } from '@nestjs/common';
import type { Metrics } from '#telemetry';
import { RPC_OUTCOMES } from '#telemetry';
import { type HeadBlock, MonotonicHead, headOf } from './monotonic-head.js';
import { EndpointHealthCheck } from '../health/endpoint-health-check.js';
import { type Exclusion, EndpointHealth } from '../health/endpoint-health.js';
import type { JsonRpcEndpoint, RpcCall } from '../transport/json-rpc-endpoint.js';
import { PooledEndpoint } from './pooled-endpoint.js';
import { DEFAULT_POOL_OPTIONS, type PoolOptions } from './pool-options.js';
import { ReadEndpointSelector } from './read-endpoint-selector.js';
import { toNumber } from '../transport/hex-quantity.js';
import { classifyRpcError, isAnswer } from '../transport/rpc-error-classifier.js';
import {
  type BatchResult,
  describeFailure,
  isFailure,
  isRpcFailure,
  RpcError,
  RpcUnavailableError,
} from '../rpc.errors.js';
import { MethodOutages } from './method-outages.js';
import { PushedHeads } from './pushed-heads.js';
import { BATCH, METHOD_LABELS } from '../rpc-methods.js';
import type { SendReport } from './send-result.js';
import { TransactionBroadcaster } from './transaction-broadcaster.js';
import { EndpointHealthWorker } from '../health/endpoint-health.worker.js';

/** A method that fails for this long, or for the time between two comparisons of the endpoints, is an outage. */
const MAX_OUTAGE_AFTER_MS = 5_000;
/** Maximum calls of one batch. */
const BATCH_CALLS = 50;

type Ask<T> = (endpoint: JsonRpcEndpoint) => Promise<T>;

/** Reads a result. @throws RpcError for the error of a failed call; any other error means that the result is unreadable */
export type ResultReader<T> = (result: unknown) => T;

export interface ReadOptions {
  /** Whether the caller has a substitute. A failure then sets no hold. */
  readonly optional?: boolean;
}

/**
 * Combines all configured endpoints.
 *
 * Reads come from one endpoint as long as it answers, so that they are consistent. Its head is never below the latest block
 * that this pool returned (`eth_getBlockByNumber` with `latest`): no later result comes from an endpoint without that block.
 * When no endpoint has it, reads throw RpcUnavailableError until one has. After `maxLagMs` the head rolls back, with a log
 * line. The pool cannot tell apart several nodes behind one URL.
 */
@Injectable()
export class RpcPool {
  private readonly members: readonly PooledEndpoint[];
  private readonly monotonicHead: MonotonicHead;
  private readonly selector: ReadEndpointSelector;
  private readonly loop: EndpointHealthWorker;
  private readonly broadcast: TransactionBroadcaster;
  private readonly methodOutages: MethodOutages;
  readonly pushedHeads: PushedHeads;

  constructor(endpoints: readonly JsonRpcEndpoint[], metrics: Metrics, options: PoolOptions = DEFAULT_POOL_OPTIONS) {
    this.members = endpoints.map((endpoint) => memberOf(endpoint, metrics, options));
    const [first] = this.members;
    if (first === undefined) throw new Error('an RPC pool needs an endpoint');
    this.monotonicHead = new MonotonicHead(options.maxLagMs);
    this.pushedHeads = new PushedHeads(this.members);
    const healthCheck = new EndpointHealthCheck(this.members, this.monotonicHead, options);
    this.selector = new ReadEndpointSelector(this.members, first, this.monotonicHead, healthCheck);
    this.loop = new EndpointHealthWorker(this.members, healthCheck, this.selector, options.probeIntervalMs);
    this.methodOutages = new MethodOutages(Math.min(MAX_OUTAGE_AFTER_MS, options.probeIntervalMs));
    this.broadcast = new TransactionBroadcaster(this.members, this.methodOutages);
  }

  /** Starts the comparison of the endpoints in the background. */
  start(): void {
    this.loop.start();
  }

  /** Stops the comparison and aborts all requests. Later requests fail. */
  async stop(): Promise<void> {
    const stopped = this.loop.stop();
    for (const { endpoint } of this.members) endpoint.close();
    await stopped;
  }

  /** Excluded endpoints with reasons. */
  get exclusions(): readonly (Exclusion & { readonly endpoint: string })[] {
    return this.members.flatMap(({ name, health }) =>
      health.exclusion === null ? [] : [{ ...health.exclusion, endpoint: name }],
    );
  }

  /** Methods that no endpoint answers now, each with endpoints and reasons, without secrets. */
  get outages(): readonly string[] {
    return this.methodOutages.details;
  }

  /**
   * Calls a method. A result that `read` cannot read is a failure of its endpoint, and the next endpoint is tried.
   *
   * @throws RpcError of the node; RpcUnavailableError when no endpoint returns a readable result
   */
  async call<T>(
    method: string,
    params: readonly unknown[],
    read: ResultReader<T>,
    options: ReadOptions = {},
  ): Promise<T> {
    if (method === 'eth_getBlockByNumber' && params[0] === 'latest') return await this.head(method, params, read);
    const ask: Ask<T> = async (endpoint) => readResult(method, endpoint, await endpoint.call(method, params), read);
    return await this.read(method, ask, { ...options, label: method });
  }

  /** As `call`, from another endpoint than reads come from, where another one answers. */
  async callElsewhere<T>(
    method: string,
    params: readonly unknown[],
    read: ResultReader<T>,
    options: ReadOptions = {},
  ): Promise<T> {
    const ask: Ask<T> = async (endpoint) => readResult(method, endpoint, await endpoint.call(method, params), read);
    try {
      if (this.selector.other !== null) return await this.selector.other.request(method, ask);
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
    }
    return await this.call(method, params, read, options);
  }

  /**
   * Returns the results in the order of the calls, and an error for a call without a readable result.
   *
   * @param read reads a result; also gets the index of the call
   * @throws RpcUnavailableError when no endpoint answers at all
   */
  async batch<T>(
    calls: readonly RpcCall[],
    read: (result: unknown, index: number) => T,
    options: ReadOptions = {},
  ): Promise<readonly BatchResult<T>[]> {
    const results: BatchResult<T>[] = [];
    for (let start = 0; start < calls.length; start += BATCH_CALLS) {
      const part = calls.slice(start, start + BATCH_CALLS);
      results.push(...(await this.part(part, (result, index) => read(result, start + index), options)));
    }
    return results;
  }

  /** Display names, in the order of the configuration. */
  get endpointNames(): string {
    return this.members.map(({ name }) => name).join(', ');
  }

  /** Returns the chain id of every endpoint, also of excluded ones. Null on a failure. Never throws. */
  async chainIds(): Promise<readonly { readonly endpoint: string; readonly chainId: number | null }[]> {
    const method = 'eth_chainId';
    const failures: Failure[] = [];
    const answers = await Promise.all(
      this.members.map(async (member) => {
        const ask: Ask<number> = async (endpoint) =>
          readResult(method, endpoint, await endpoint.call(method, []), (result) => toNumber(result, 'chain id'));
        const chainId = await member.request(method, ask).catch((error: unknown) => {
          failures.push({ endpoint: member.name, error });
          return null;
        });
        if (chainId !== null) member.health.verified = true;
        return { endpoint: member.name, chainId };
      }),
    );
    if (failures.length === answers.length) this.failureOf(failures, { label: method });
    else this.methodOutages.clear(method);
    return answers;
  }

  /** Broadcasts a signed transaction. See `TransactionBroadcaster`. Never throws. */
  async send(raw: string): Promise<SendReport> {
    return await this.broadcast.send(raw);
  }

  /** Sends the whole part to the next endpoint while a call has no readable result. Keeps the readable results. */
  private async part<T>(
    calls: readonly RpcCall[],
    read: (result: unknown, index: number) => T,
    options: ReadOptions,
  ): Promise<readonly BatchResult<T>[]> {
    let best: readonly BatchResult<T>[] = [];
    const readable = new Map<number, BatchResult<T>>();
    const ask: Ask<null> = async (endpoint) => {
      const answers = await endpoint.batch(calls);
      const results = calls.map(({ method }, index): BatchResult<T> => {
        const answer = answers[index];
        if (isFailure(answer)) return answer;
        return readOrError(() => readResult(method, endpoint, answer, (result) => read(result, index)));
      });
      for (const [index, result] of results.entries()) if (!isRetryable(result)) readable.set(index, result);
      best = results.map((result, index) => readable.get(index) ?? result);
      const open = results.find(isRetryable);
      if (open !== undefined) throw open;
      return null;
    };
    try {
      await this.read(BATCH, ask, { ...options, label: calls[0]?.method ?? BATCH });
    } catch (error) {
      if (best.length === 0) throw error;
    }
    return best;
  }

  /** Returns the latest block, never an older one than before. */
  private async head<T>(method: string, params: readonly unknown[], read: ResultReader<T>): Promise<T> {
    const ask: Ask<{ readonly block: HeadBlock; readonly value: T }> = async (endpoint) =>
      readResult(method, endpoint, await endpoint.call(method, params), (result) => ({
        block: headOf(result),
        value: read(result),
      }));
    const behind = new Set<PooledEndpoint>();
    const { value } = await this.read(method, ask, {
      label: method,
      errorIsAnswer: false,
      accepts: ({ block }, member, askedAt) => {
        member.health.reportHead(block.number, askedAt);
        if (this.monotonicHead.advance(block, member)) return true;
        if (behind.has(member)) return false;
        behind.add(member);
        return 'again';
      },
    });
    return value;
  }

  /** Tries one endpoint after the other. Returns the first accepted answer. */
  private async read<T>(method: string, ask: Ask<T>, options: Read<T>): Promise<T> {
    const { label, errorIsAnswer = true, accepts } = options;
    const tried = new Set<PooledEndpoint>();
    const failures: Failure[] = [];
    for (;;) {
      const member = await this.selector.next(tried);
      if (member === null) throw this.failureOf(failures, options);
      const askedAt = performance.now();
      try {
        const answer = await member.request(method, ask);
        const accepted = accepts?.(answer, member, askedAt) ?? true;
        if (accepted === false) tried.add(member);
        if (accepted !== true) continue;
        this.methodOutages.clear(label);
        return answer;
      } catch (error) {
        if (errorIsAnswer && error instanceof RpcError && isAnswer(error)) throw error;
        tried.add(member);
        failures.push({ endpoint: member.name, error });
      }
    }
  }

  /** Returns the error of a failed read: the last node's error unless it is temporary. Records an outage. */
  private failureOf(
    failures: readonly Failure[],
    { label, optional = false, errorIsAnswer = true }: Omit<Read<unknown>, 'accepts'>,
  ): unknown {
    const last = failures.at(-1)?.error;
    const exclusions = this.exclusions
      .filter(({ endpoint }) => !failures.some((failure) => failure.endpoint === endpoint))
      .map(({ endpoint, reason, detail }) => `${endpoint} is ${reason} (${detail})`);
    const reasons = [
      ...failures.map(({ error }) => (isFailure(error) ? describeFailure(error) : `${label}: unknown error`)),
      ...exclusions,
    ].join('; ');
    const detail = reasons === '' ? `${label}: no endpoint has the newest block` : reasons;
    if (!optional && !this.members.some(({ endpoint }) => endpoint.closed)) this.methodOutages.record(label, detail);
    const temporary = optional ? ['throttled'] : ['throttled', 'behind'];
    if (errorIsAnswer && last instanceof RpcError && !temporary.includes(classifyRpcError(last))) return last;
    const failure = last instanceof RpcUnavailableError ? last.failure : 'http_error';
    return new RpcUnavailableError(
      failures.length > 0 ? detail : `${label}: no endpoint is available: ${detail}`,
      failure,
    );
  }
}

interface Read<T> extends ReadOptions {
  /** Method name of an outage. */
  readonly label: string;
  /** Whether an error object can be the result, such as a revert. Default true. */
  readonly errorIsAnswer?: boolean;
  /** `again` allows one more try of the same endpoint. */
  readonly accepts?: (answer: T, member: PooledEndpoint, askedAt: number) => boolean | 'again';
}

interface Failure {
  readonly endpoint: string;
  readonly error: unknown;
}

/** @throws RpcUnavailableError that names method and endpoint when the result cannot be read */
function readResult<T>(method: string, { name }: JsonRpcEndpoint, result: unknown, read: ResultReader<T>): T {
  try {
    return read(result);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    // Decoders of contract results throw many error types for invalid bytes.
    const reason = error instanceof RpcUnavailableError ? error.message : 'the result has another shape';
    throw new RpcUnavailableError(`${method} on ${name}: ${reason}`, 'unreadable');
  }
}

/** Whether another endpoint may return a result. */
function isRetryable<T>(result: BatchResult<T>): result is RpcError | RpcUnavailableError {
  return isFailure(result) && !(result instanceof RpcError && isAnswer(result));
}

function readOrError<T>(read: () => T): BatchResult<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof RpcUnavailableError) return error;
    throw error;
  }
}

function memberOf(endpoint: JsonRpcEndpoint, metrics: Metrics, options: PoolOptions): PooledEndpoint {
  for (const method of METHOD_LABELS) {
    for (const outcome of RPC_OUTCOMES) metrics.rpcRequestsTotal.inc({ endpoint: endpoint.name, method, outcome }, 0);
  }
  const health = new EndpointHealth(Math.min(1_000, options.probeIntervalMs));
  health.verified = options.chainId === null;
  return new PooledEndpoint(endpoint, health, metrics);
}
