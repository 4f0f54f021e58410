import { randomUUID } from 'node:crypto';
import type { CrashEnvironment } from './crash-environment.js';
import { ReplicaSet } from './replica-set.js';
import type { Step } from './contract-setup.js';
import { CrashScenario, type Place, type Scenario } from './crash-scenario.js';
import { ExpectedOutcomes, requestOf } from './expected-outcomes.js';
import { findViolations } from './find-violations.js';

/** One crew on duty, through one crash after the other. */
export class CrashRun {
  private readonly orders = new ExpectedOutcomes();

  private constructor(
    private readonly crew: ReplicaSet,
    private readonly shape: Scenario,
  ) {}

  static async open(site: CrashEnvironment, shape: Scenario): Promise<CrashRun> {
    const env = shape.replacing === true ? { REPLACE_AFTER: '0.5' } : {};
    const name = `${shape.name}:${randomUUID()}`.replaceAll(' ', '-');
    return new CrashRun(await ReplicaSet.open(site, name, { ...shape, env }), shape);
  }

  /**
   * Lets a replica die at the place, and the others, or its successor, finish. Returns what is wrong after that.
   *
   * @throws Error when nobody died there, or nobody finished
   */
  async play(place: Place, step: Step): Promise<readonly string[]> {
    const { crew, orders, shape } = this;
    orders.clear();
    await crew.start();
    await new CrashScenario(crew, orders, shape, step).at(place);
    crew.crashAt('nowhere');
    crew.openGates();
    if (crew.idle.length === crew.replicas.length) await crew.start();
    await crew.settled();
    if (shape.governed === true) await this.finish();
    return await findViolations(crew, orders);
  }

  async end(): Promise<void> {
    await this.crew.stop();
  }

  /** Somebody else does what was left to them. */
  private async finish(): Promise<void> {
    for (const message of this.orders.deployed) await this.crew.contracts.fulfil(requestOf(message));
    await this.crew.concluded();
  }
}
