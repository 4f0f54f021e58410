import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../support/seeded-random.js';
import type { Service } from '../../support/service.js';

/** One replica, and when it may die again. */
interface Victim {
  readonly replica: Service;
  /** Unix milliseconds; never, while it is not up. */
  ripeAt: number;
}

/**
 * Kills one replica -9 after the other, and starts it again at once. Each may work for as long as it took to start: on a
 * slow machine they would otherwise do nothing but start.
 */
export class Killer {
  kills = 0;
  private readonly victims: readonly Victim[];
  private readonly ending = new AbortController();
  private work: Promise<void> = Promise.resolve();

  /**
   * @param replicas that are up
   * @param revive starts one again
   */
  constructor(
    replicas: readonly Service[],
    private readonly dice: SeededRandom,
    private readonly everyMs: number,
    private readonly revive: (replica: Service) => Promise<void>,
  ) {
    this.victims = replicas.map((replica) => ({ replica, ripeAt: 0 }));
  }

  start(): void {
    this.work = this.run();
  }

  /** Returns when the kill in hand is over. The last ones killed may not be up yet. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await sleep(this.everyMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
      const ripe = this.victims.filter(({ ripeAt }) => ripeAt <= Date.now());
      const victim = ripe[this.dice.between(0, ripe.length - 1)];
      if (victim !== undefined && !this.ending.signal.aborted) await this.kill(victim);
    }
  }

  private async kill(victim: Victim): Promise<void> {
    victim.ripeAt = Infinity;
    await victim.replica.stop('SIGKILL');
    this.kills += 1;
    const begun = Date.now();
    const started = (): void => {
      victim.ripeAt = 2 * Date.now() - begun;
    };
    void this.revive(victim.replica).then(started, started);
  }
}
