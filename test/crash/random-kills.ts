import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../support/seeded-random.js';
import type { CrashEnvironment } from './crash-environment.js';
import { ReplicaSet } from './replica-set.js';
import { ExpectedOutcomes, requestOf } from './expected-outcomes.js';
import { findViolations } from './find-violations.js';

const MAX_DELAY_MS = 2_500;

export interface RandomKillsReport {
  /** Kills that found work on its way. */
  readonly disturbing: number;
  readonly violations: readonly string[];
}

/** Two replicas get work round after round, and one or both are killed -9 at an instant that only the seed knows. */
export class RandomKills {
  private readonly expected = new ExpectedOutcomes();
  private readonly random: SeededRandom;
  private killing = 0;

  private constructor(
    private readonly crew: ReplicaSet,
    seed: number,
  ) {
    this.random = new SeededRandom(`kills ${seed}`);
  }

  static async carryOut(site: CrashEnvironment, seed: number, rounds: number): Promise<RandomKillsReport> {
    const crew = await ReplicaSet.open(site, `random-kills:${randomUUID()}`, {
      replicas: 2,
      env: { REPLACE_AFTER: '1', MAX_PRIORITY_FEE_PER_GAS_GWEI: '100' },
    });
    try {
      const kills = new RandomKills(crew, seed);
      await crew.start();
      for (let round = 0; round < rounds; round += 1) await kills.round();
      return await kills.finish();
    } finally {
      await crew.stop();
    }
  }

  private async round(): Promise<void> {
    const { crew, random } = this;
    crew.setHandling(random.weighted({ pass: 5, hold: 2, lose: 2 }));
    const modelIds = Array.from({ length: random.between(1, 6) }, () => crew.contracts.newModelId('random'));
    const messages = this.expected.expectTokens(modelIds);
    if (random.chance(0.3)) await crew.contracts.deployAsTrusted(requestOf(String(messages[0])));
    await crew.platform.pushAtOnce(random.chance(0.3) ? [...messages, ...messages] : messages);
    await sleep(random.between(0, MAX_DELAY_MS));
    if (!(await crew.platform.isDrained())) this.killing += 1;
    const all = random.chance(0.3);
    const victims = crew.replicas.filter(() => all || random.chance(0.5));
    await Promise.all(victims.map((victim) => victim.stop('SIGKILL')));
    crew.openProxies();
    crew.launch({});
  }

  private async finish(): Promise<RandomKillsReport> {
    await this.crew.start();
    await this.crew.waitUntilSettled();
    return { disturbing: this.killing, violations: await findViolations(this.crew, this.expected) };
  }
}
