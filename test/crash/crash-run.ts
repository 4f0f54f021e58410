import { randomUUID } from 'node:crypto';
import type { CrashEnvironment } from './crash-environment.js';
import { ReplicaSet } from './replica-set.js';
import type { Step } from './contract-setup.js';
import { CrashScenario, type CrashLocation, type Scenario } from './crash-scenario.js';
import { ExpectedOutcomes, requestOf } from './expected-outcomes.js';
import { findViolations } from './find-violations.js';

/** One crew on duty, through one crash after the other. */
export class CrashRun {
  private readonly expected = new ExpectedOutcomes();

  private constructor(
    private readonly replicas: ReplicaSet,
    private readonly scenario: Scenario,
  ) {}

  static async open(site: CrashEnvironment, shape: Scenario): Promise<CrashRun> {
    const env = shape.feeBump === true ? { REPLACE_AFTER: '0.5', MAX_PRIORITY_FEE_PER_GAS_GWEI: '100' } : {};
    const name = `${shape.name}:${randomUUID()}`.replaceAll(' ', '-');
    return new CrashRun(await ReplicaSet.open(site, name, { ...shape, env }), shape);
  }

  /**
   * Lets a replica die at the place, and the others, or its successor, finish. Returns what is wrong after that.
   *
   * @throws Error when no replica died there, or none finished
   */
  async runCase(place: CrashLocation, step: Step): Promise<readonly string[]> {
    const { replicas, expected, scenario } = this;
    expected.startCase();
    await replicas.start();
    await new CrashScenario(replicas, expected, scenario, step).runAt(place);
    replicas.crashAt('nowhere');
    replicas.openProxies();
    if (replicas.stopped.length === replicas.replicas.length) await replicas.start();
    await replicas.waitUntilSettled();
    if (scenario.externalOwner === true) await this.recoverAndSettle();
    return await findViolations(replicas, expected);
  }

  async stop(): Promise<void> {
    await this.replicas.stop();
  }

  /** Executes the steps that are left to the external owner. */
  private async recoverAndSettle(): Promise<void> {
    for (const message of this.expected.deployed) await this.replicas.contracts.deployAsTrusted(requestOf(message));
    await this.replicas.waitUntilRegistered();
  }
}
