import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../test/support/until.js';
import type { Benchmark, BenchmarkResult, Figure } from '../benchmark.js';
import { Disposables } from '../disposables.js';
import { benchMessage, modelId } from '../messages.js';
import type { Heads } from '../options.js';
import { isSettled, push } from '../producer.js';
import { type BenchEnvironment, startBenchEnvironment } from '../bench-environment.js';
import { CountingNodeProxy } from './counting-node-proxy.js';

const PER_SECOND = 20;
const BLOCK_SECONDS = 12;
const CONFIRMATIONS = 12;
const LOAD_SECONDS = 300;
const DAY_SECONDS = 86_400;

/** What a node or its provider is asked for: by an idle replica, and for each token under load. */
export class RpcBenchmark implements Benchmark {
  readonly title: string;
  readonly runs = 1;

  /** @param heads whether the node pushes new heads over a WebSocket, or the service polls them over HTTP */
  constructor(
    private readonly heads: Heads,
    private readonly idleSeconds: number,
  ) {
    this.title = `rpc: a block every ${BLOCK_SECONDS} s, ${CONFIRMATIONS} confirmations, heads ${heads}`;
  }

  async run(): Promise<BenchmarkResult> {
    return await Disposables.use(async (closing) => {
      const { proxy, here } = await this.start(closing);
      await here.service.start();
      // Fees and contracts are read at the start only.
      await delay(2_000 * BLOCK_SECONDS);
      proxy.reset();
      await delay(1_000 * this.idleSeconds);
      const idle = { ...proxy.traffic, summary: proxy.summary };
      proxy.reset();
      const tokens = await this.load(here);
      const { requests, calls, answerBytes } = proxy.traffic;
      const perDay = DAY_SECONDS / this.idleSeconds;
      const figures: readonly Figure[] = [
        { name: 'idle, calls', unit: '/ day', value: idle.calls * perDay, goal: { atMost: 8_000 } },
        { name: 'idle, requests', unit: '/ day', value: idle.requests * perDay },
        { name: 'idle, answers', unit: 'MB / day', value: (idle.answerBytes * perDay) / 1e6 },
        { name: 'calls per token', unit: '', value: calls / tokens, goal: { atMost: 1.6 } },
        { name: 'requests per token', unit: '', value: requests / tokens },
        { name: 'answers per token', unit: 'kB', value: answerBytes / tokens / 1e3, goal: { atMost: 17 } },
      ];
      const remarks = [
        `idle for ${this.idleSeconds} s: ${idle.summary}`,
        `${tokens} tokens, ${PER_SECOND} messages a second, until the last is final: ${proxy.summary}`,
      ];
      return { figures, remarks };
    });
  }

  private async start(
    closing: Disposables,
  ): Promise<{ readonly proxy: CountingNodeProxy; readonly here: BenchEnvironment }> {
    const proxies: CountingNodeProxy[] = [];
    const here = await startBenchEnvironment(closing, {
      rpcUrl: async (anvil) => {
        const started = await CountingNodeProxy.start(anvil.url);
        closing.add(() => started.stop());
        proxies.push(started);
        return this.heads === 'pushed' ? started.url.replace('http:', 'ws:') : started.url;
      },
      env: { BLOCK_TIME: String(BLOCK_SECONDS), CONFIRMATIONS: String(CONFIRMATIONS) },
    });
    const [proxy] = proxies;
    if (proxy === undefined) throw new Error('the proxy has not started');
    // The contracts are deployed: blocks come by the clock from now on.
    await here.anvil.request('evm_setAutomine', [false]);
    await here.anvil.request('evm_setIntervalMining', [BLOCK_SECONDS]);
    return { proxy, here };
  }

  /** @returns tokens that were deployed */
  private async load({ redis }: BenchEnvironment): Promise<number> {
    const count = PER_SECOND * LOAD_SECONDS;
    const start = performance.now();
    for (let n = 0; n < count; n += 1) {
      await delay(Math.max(0, start + (1_000 * n) / PER_SECOND - performance.now()));
      await push(redis, [benchMessage(modelId('model', n))]);
    }
    await until('every message', () => isSettled(redis, count), { timeoutMs: 600_000, everyMs: 1_000 });
    return count;
  }
}
