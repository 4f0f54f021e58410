import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../support/seeded-random.js';
import type { ServiceProcess } from '../../support/process/service-process.js';

/** One replica, and when it may die again. */
interface Victim {
  readonly replica: ServiceProcess;
  /** Unix milliseconds; never, while it is not up. */
  killAt: number;
}

/**
 * Kills one replica -9 after the other, and starts it again at once. Each may work for as long as it took to start: on a
 * slow machine they would otherwise do nothing but start.
 */
export class ReplicaKiller {
  kills = 0;
  private readonly victims: readonly Victim[];
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  /**
   * @param replicas that are up
   * @param revive starts one again
   */
  constructor(
    replicas: readonly ServiceProcess[],
    private readonly dice: SeededRandom,
    private readonly everyMs: number,
    private readonly revive: (replica: ServiceProcess) => Promise<void>,
  ) {
    this.victims = replicas.map((replica) => ({ replica, killAt: 0 }));
  }

  start(): void {
    this.work = this.run();
  }

  /** Returns when the kill in hand is over. The last ones killed may not be up yet. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await sleep(this.everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      const ripe = this.victims.filter(({ killAt }) => killAt <= Date.now());
      const victim = ripe[this.dice.between(0, ripe.length - 1)];
      if (victim !== undefined && !this.stopping.signal.aborted) await this.kill(victim);
    }
  }

  private async kill(victim: Victim): Promise<void> {
    victim.killAt = Infinity;
    await victim.replica.stop('SIGKILL');
    this.kills += 1;
    const begun = Date.now();
    const started = (): void => {
      victim.killAt = 2 * Date.now() - begun;
    };
    void this.revive(victim.replica).then(started, started);
  }
}
