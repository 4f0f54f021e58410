import { Redis } from 'ioredis';
import { queueKeys } from '#queue';
import { abortable } from '../support/abortable.js';
import { FaultyTcpProxy } from '../support/network/faulty-tcp-proxy.js';
import { RedisServer } from '../support/redis/redis-server.js';
import { until } from '../support/until.js';
import { changesIn, WRITES_EVERYTHING_DOWN } from './oracle/append-only-file.js';
import { QueueOracle, type Counts } from './oracle/queue-oracle.js';
import { QUEUE_SETTINGS, WORKERS } from './chaos-settings.js';
import { SeededRandom } from '../support/seeded-random.js';
import { compareWithRedis, duplicateDeadLetters, unexpectedKeys, unexpectedMessages } from './oracle/final-checks.js';
import { FaultInjector } from './fault-injector.js';
import { type FaultKind, planFaults } from './fault-plan.js';
import { Producer } from './producer.js';
import { WorkerProcess } from './worker-process.js';

export interface ChaosSettings {
  readonly seed: number;
  readonly messages: number;
  /** Milliseconds during which things go wrong. */
  readonly faultsMs: number;
}

export interface ChaosReport {
  readonly counts: Counts;
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** Everything that should not have happened. Empty is what one hopes for. */
  readonly violations: readonly string[];
}

const KEYS = queueKeys(QUEUE_SETTINGS.queueName);
const DRAIN_MS = 90_000;

/** One Redis, one producer, four workers, and everything that can go wrong between them, until the queue is empty. */
export class ChaosRun {
  private readonly redis: Redis;
  private readonly producer: Producer;

  private constructor(
    private readonly settings: ChaosSettings,
    private readonly server: RedisServer,
    private readonly workers: readonly WorkerProcess[],
  ) {
    this.redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    this.redis.on('error', () => undefined);
    this.producer = new Producer(server.url, new SeededRandom(`producer ${settings.seed}`));
  }

  /**
   * Needs the compiled worker, see scripts/build.mjs. Leaves no process and no file behind.
   *
   * @throws Error when the signal breaks it off
   */
  static async run(settings: ChaosSettings, signal?: AbortSignal): Promise<ChaosReport> {
    const server = await RedisServer.start(WRITES_EVERYTHING_DOWN);
    const life = { seed: settings.seed, replayUntil: Date.now() + settings.faultsMs };
    const workers: WorkerProcess[] = [];
    for (let number = 0; number < WORKERS; number += 1) {
      workers.push(new WorkerProcess(number, life, await FaultyTcpProxy.start(server.port)));
    }
    const run = new ChaosRun(settings, server, workers);
    try {
      return await abortable(run.carryOut(), signal);
    } finally {
      await run.stop();
    }
  }

  private async carryOut(): Promise<ChaosReport> {
    const { seed, messages, faultsMs } = this.settings;
    for (const worker of this.workers) worker.start();
    const injector = new FaultInjector(this.server, this.workers);
    await Promise.all([injector.run(planFaults(seed, faultsMs)), this.producer.produce(messages, faultsMs * 0.9)]);
    const stuck = await this.drain();
    for (const worker of this.workers) await worker.stop();

    const audit = new QueueOracle(KEYS);
    for await (const group of changesIn(this.server.folder)) audit.follow(group);
    const violations = [
      ...stuck,
      ...audit.violations,
      ...this.workers.flatMap((worker) => worker.violations),
      ...unexpectedMessages(this.producer.pushes, audit.pushes),
      ...(await compareWithRedis(this.redis, KEYS, audit.model)),
      ...duplicateDeadLetters(audit.model.deadLetters),
      ...(await unexpectedKeys(this.redis, KEYS)),
    ];
    return { counts: audit.counts, faults: injector.injected, violations };
  }

  /** Returns what is still on its way when there was time enough. */
  private async drain(): Promise<readonly string[]> {
    const places = { main: 'llen', processing: 'llen', delayed: 'zcard' } as const;
    let waiting: string[] = [];
    const drained = async (): Promise<boolean> => {
      waiting = [];
      for (const [place, length] of Object.entries(places) as [keyof typeof places, 'llen' | 'zcard'][]) {
        const messages = await this.redis[length](KEYS[place]);
        if (messages > 0) waiting.push(`${messages} messages stuck in ${place}`);
      }
      return waiting.length === 0;
    };
    await until('the queue to drain', drained, { timeoutMs: DRAIN_MS, everyMs: 100 }).catch(() => undefined);
    return waiting;
  }

  private async stop(): Promise<void> {
    this.producer.close();
    this.redis.disconnect();
    for (const worker of this.workers) {
      await worker.kill();
      await worker.proxy.stop();
    }
    await this.server.stop();
  }
}
