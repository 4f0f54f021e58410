import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../test/support/until.js';
import type { Benchmark, Bound, Figure, BenchmarkResult } from '../benchmark.js';
import { Disposables } from '../disposables.js';
import { benchMessage, modelId } from '../messages.js';
import { isSettled, push } from '../producer.js';
import { percentile } from '../statistics.js';
import { startBenchEnvironment } from '../bench-environment.js';
import { RecordingRelay } from './recording-relay.js';
import { RedisMonitor } from './redis-monitor.js';

const PER_SECOND = 20;
const WARM_UP = 100;

/** How long a message waits in an otherwise idle service. */
export class LatencyBenchmark implements Benchmark {
  readonly title: string;
  readonly runs = 3;

  constructor(private readonly seconds: number) {
    this.title = `latency: ${PER_SECOND} messages a second, for ${seconds} s`;
  }

  async run(): Promise<BenchmarkResult> {
    return await Disposables.use(async (closing) => {
      const relays: RecordingRelay[] = [];
      const here = await startBenchEnvironment(closing, {
        rpcUrl: async (anvil) => {
          const relay = await RecordingRelay.start(anvil.port);
          closing.add(() => relay.stop());
          relays.push(relay);
          return `http://127.0.0.1:${relay.port}`;
        },
      });
      await here.service.start();
      await this.pushSteadily('warm', WARM_UP, async (message) => await push(here.redis, [message]));
      await until('the warm-up', () => isSettled(here.redis, WARM_UP));
      const watch = await RedisMonitor.start(here.redisPort);
      closing.add(() => watch.stop());
      const count = PER_SECOND * this.seconds;
      const ids = await this.pushSteadily('model', count, async (message) => await push(here.redis, [message]));
      await until('every message', () => isSettled(here.redis, WARM_UP + count));
      const pushed = watch.pushed(ids);
      const claims = waits(ids, pushed, watch.claimed(ids));
      const hex = ids.map((id) => Buffer.from(id).toString('hex'));
      const sent = relays[0]?.arrivals(hex) ?? new Map<string, number>();
      const broadcasts = waits(ids, pushed, new Map(ids.map((id, n) => [id, sent.get(hex[n] ?? '') ?? NaN])));
      return { figures: [...claimFigures(claims), ...broadcastFigures(broadcasts)], remarks: NOTES };
    });
  }

  /** Pushes one message after the other, evenly over the time. @returns their model ids */
  private async pushSteadily(
    prefix: string,
    count: number,
    pushOne: (message: string) => Promise<void>,
  ): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, n) => modelId(prefix, n));
    const start = performance.now();
    for (const [n, id] of ids.entries()) {
      await delay(Math.max(0, start + (1_000 * n) / PER_SECOND - performance.now()));
      await pushOne(benchMessage(id));
    }
    return ids;
  }
}

const NOTES = [
  "Both ends of 'to the claim' are times of the Redis clock, from MONITOR: the LPUSH of the producer, and the LPUSH to processing in the script of the claim.",
  "'To the broadcast' ends when a relay before the node gets the bytes of eth_sendRawTransaction; every other request passes the relay as well.",
];

function claimFigures(waited: readonly number[]): readonly Figure[] {
  return [...percentiles('to the claim', waited, { atMost: 1 }, { atMost: 4 })];
}

function broadcastFigures(waited: readonly number[]): readonly Figure[] {
  return [...percentiles('to the broadcast', waited, { atMost: 20 }, { atMost: 60 })];
}

function percentiles(name: string, waited: readonly number[], p50: Bound, p99: Bound): readonly Figure[] {
  return [
    { name: `${name}, p50`, unit: 'ms', value: percentile(waited, 0.5), goal: p50 },
    { name: `${name}, p99`, unit: 'ms', value: percentile(waited, 0.99), goal: p99 },
    { name: `${name}, longest`, unit: 'ms', value: Math.max(...waited) },
  ];
}

/** Milliseconds from one to the other. @throws Error when a message was not seen at both places */
function waits(
  ids: readonly string[],
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
): readonly number[] {
  return ids.map((id) => {
    const waited = (to.get(id) ?? NaN) - (from.get(id) ?? NaN);
    if (Number.isNaN(waited)) throw new Error(`the way of ${id} was not seen`);
    return waited;
  });
}
