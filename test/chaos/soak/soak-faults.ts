import { stat, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClock } from '../../support/redis/redis-clock.js';
import type { SeededRandom } from '../../support/seeded-random.js';
import type { ServiceProcess } from '../../support/process/service-process.js';
import type { TestStack } from '../../support/process/test-stack.js';
import { filesIn } from '../oracle/append-only-file.js';
import type { SoakContracts } from './soak-contracts.js';
import { rivalMessage } from './soak-messages.js';
import type { SoakProducer } from './soak-producer.js';

export const SOAK_FAULTS = [
  'denied command',
  'step of the service clock',
  'step of the Redis clock',
  'power loss of Redis',
  'kill -9 of Redis',
  'lost ledger',
  'rival home',
] as const;
export type SoakFault = (typeof SOAK_FAULTS)[number];

/** The service's own user of Redis: the producer and the checks may run every command all the time. */
export const REDIS_USER = 'deployer';

/** What the scripts write with. */
const WRITES =
  'del expire hdel hincrby hset lmove lpush lrem persist pexpire rpush sadd set srem xadd xdel zadd zrem zremrangebyscore'.split(
    ' ',
  );
const HOUR_SECONDS = 3_600;
const RIVALS = 3;

/** Makes one thing after the other go wrong, in an order that its dice choose, every kind as often as the others. */
export class SoakFaults {
  readonly injected = new Map<SoakFault, number>();
  /** What a fault showed at once. */
  readonly violations: string[] = [];
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly stack: TestStack,
    private readonly contracts: SoakContracts,
    /** Of the replicas. */
    private readonly environment: Readonly<Record<string, string>>,
    private readonly producer: SoakProducer,
    private readonly replicas: readonly ServiceProcess[],
    private readonly clock: RedisClock | null,
    private readonly dice: SeededRandom,
    private readonly everyMs: number,
  ) {}

  start(): void {
    this.work = this.run();
  }

  /** Returns when the fault in hand is over. Clocks stay where they are. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    let deck: SoakFault[] = [];
    for (;;) {
      await sleep(this.everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      if (deck.length === 0) deck = this.possible();
      const [fault] = deck.splice(this.dice.between(0, deck.length - 1), 1);
      if (fault === undefined) return;
      await this.inject(fault);
      this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
    }
  }

  private possible(): SoakFault[] {
    return SOAK_FAULTS.filter((fault) => {
      if (fault === 'step of the Redis clock') return this.clock !== null;
      return fault !== 'lost ledger' || this.contracts.keepsRecords;
    });
  }

  private async inject(fault: SoakFault): Promise<void> {
    const { dice, stack } = this;
    switch (fault) {
      case 'denied command':
        return await this.denyCommand();
      case 'step of the service clock':
        return this.replicas[dice.between(0, this.replicas.length - 1)]?.signal('SIGUSR2');
      case 'step of the Redis clock':
        return await this.clock?.setOffset(dice.between(-2, 2) * HOUR_SECONDS);
      case 'power loss of Redis':
        return await this.producer.undisturbed(async () => await this.losePower());
      case 'kill -9 of Redis':
        await stack.redis.stopProcess('SIGKILL');
        await sleep(dice.between(0, 1_000));
        return await stack.redis.restart();
      case 'lost ledger':
        return await this.loseLedger();
      case 'rival home':
        return await this.startRival();
    }
  }

  private async denyCommand(): Promise<void> {
    const { redis } = this.stack.queue;
    const command = WRITES[this.dice.between(0, WRITES.length - 1)] ?? '';
    await redis.call('ACL', 'SETUSER', REDIS_USER, `-${command}`);
    await sleep(this.dice.between(500, 3_000));
    await redis.call('ACL', 'SETUSER', REDIS_USER, `+${command}`);
  }

  /** Cuts what the service wrote in a second or less from the end of the append-only file, anywhere within a command. */
  private async losePower(): Promise<void> {
    const { redis } = this.stack;
    const newest = async () => {
      const path = (await filesIn(redis.folder)).at(-1) ?? '';
      return { path, size: (await stat(path)).size };
    };
    const { size: kept } = await newest();
    await sleep(this.dice.between(100, 1_000));
    await redis.stopProcess('SIGKILL');
    const { path, size } = await newest();
    await truncate(path, kept + Math.floor(this.dice.next() * (size - kept)));
    await redis.restart();
  }

  /** Rivals of models with and without a token come before anything else can tell what the models' records are. */
  private async loseLedger(): Promise<void> {
    const { queue } = this.stack;
    await this.producer.undisturbed(async () => {
      const keys = await queue.redis.keys('*:ledger:*');
      if (keys.length > 0) await queue.redis.del(...keys);
    });
    const models = this.producer.pushed.filter(({ kind }) => kind === 'first');
    for (let count = 0; count < RIVALS && models.length > 0; count += 1) {
      const rival = models[this.dice.between(0, models.length - 1)];
      if (rival) await this.producer.push(rivalMessage(rival.model));
    }
  }

  /** A replica with another contract must neither start nor claim. */
  private async startRival(): Promise<void> {
    const rival = await this.stack.createReplica();
    rival.launch({ ...this.environment, ...this.contracts.rivalHome });
    const code = await Promise.race([rival.exit(), sleep(15_000, 'still running' as const)]);
    await rival.stop('SIGKILL');
    if (code === 0) this.violations.push('a replica with another contract ended with 0');
  }
}
