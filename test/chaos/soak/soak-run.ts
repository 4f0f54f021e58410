import { runRebuildLedger } from '../../../apps/cli/src/rebuild-ledger/rebuild-ledger.runner.js';
import { runVerifyLedger } from '../../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { abortable } from '../../support/abortable.js';
import { SeededRandom } from '../../support/seeded-random.js';
import type { ServiceProcess } from '../../support/process/service-process.js';
import { TestStack } from '../../support/process/test-stack.js';
import { steppingClock } from '../../support/process/stepping-clock.js';
import { RedisClock } from '../../support/redis/redis-clock.js';
import { until } from '../../support/until.js';
import { ReplicaKiller } from './replica-killer.js';
import { findViolations } from './soak-checks.js';
import { type SoakBackend, type SoakContracts, soakContracts } from './soak-contracts.js';
import { REDIS_USER, type SoakFault, SoakFaults } from './soak-faults.js';
import { type SoakMessage, soakMessages } from './soak-messages.js';
import { SoakProducer } from './soak-producer.js';

export interface SoakSettings {
  readonly backend: SoakBackend;
  readonly seed: number;
  readonly models: number;
  /** Milliseconds over which the messages come. */
  readonly pushMs: number;
  /** Milliseconds between two kills. */
  readonly killEveryMs: number;
  readonly replicas: number;
  /** Milliseconds between two faults other than the kills. */
  readonly faultEveryMs: number;
}

export interface SoakReport {
  readonly messages: readonly SoakMessage[];
  readonly kills: number;
  readonly faults: ReadonlyMap<SoakFault, number>;
  readonly transactions: number;
  readonly events: number;
  readonly dead: number;
  /** From the first message until the last was settled. */
  readonly seconds: number;
  /** Everything that should not be. Empty is what one hopes for. */
  readonly violations: readonly string[];
}

/** After the last message: a replica lives for seconds only, so this is generous. */
const DRAIN_MS = 600_000;

const ANVIL = ['--block-time', '1', '--mixed-mining', '--gas-limit', '60000000'];
const ENV = {
  DEPLOYER_PRIVATE_KEY: ANVIL_ACCOUNTS.map(({ privateKey }) => privateKey).join(','),
  // Many small transactions: more of them are on their way when a replica dies.
  BATCH_SIZE: '5',
  CONFIRMATIONS: '2',
  REPLACE_AFTER: '3',
  MAX_PRIORITY_FEE_PER_GAS_GWEI: '100',
  LEASE_DURATION: '1.5',
  LANE_LEASE: '1.5',
  POLL_INTERVAL: '0.2',
};

const HOUR_MS = 3_600_000;
/** The wall clock of a replica goes an hour ahead, then an hour behind, and so on. */
const CLOCK_STEPS = Array.from({ length: 40 }, (_, step) => (step === 0 ? 1 : step % 2 === 0 ? 2 : -2) * HOUR_MS);
/** A power loss cuts the append-only file, so nothing rewrites it. */
const REDIS = [
  ...'--appendonly yes --appendfsync everysec --auto-aof-rewrite-percentage 0'.split(' '),
  ...`--user ${REDIS_USER} on nopass ~* &* +@all`.split(' '),
];

/** Replicas with three accounts between them, all of them killed over and over while messages of every kind come. */
export class SoakRun {
  private constructor(
    private readonly settings: SoakSettings,
    private readonly stack: TestStack,
    private readonly contracts: SoakContracts,
    private readonly replicas: readonly ServiceProcess[],
    private readonly messages: readonly SoakMessage[],
    private readonly clock: RedisClock | null,
  ) {}

  /**
   * Needs the compiled service, see scripts/build.mjs. Leaves no process and no file behind.
   *
   * @throws Error when the signal breaks it off
   */
  static async run(settings: SoakSettings, signal?: AbortSignal): Promise<SoakReport> {
    const clock = await RedisClock.open();
    const stack = await TestStack.start({
      anvilArgs: ANVIL,
      env: { ...ENV, ...steppingClock(...CLOCK_STEPS) },
      redisArgs: REDIS,
      redisEnv: clock?.environment ?? {},
    });
    const contracts = await soakContracts(settings.backend, stack);
    try {
      const replicas = [stack.service];
      while (replicas.length < settings.replicas) replicas.push(await stack.createReplica());
      const messages = soakMessages(settings.models, contracts.modelId, new SeededRandom(`messages ${settings.seed}`));
      return await abortable(new SoakRun(settings, stack, contracts, replicas, messages, clock).carryOut(), signal);
    } finally {
      contracts.close();
      await stack.stop();
      await clock?.close();
    }
  }

  private async carryOut(): Promise<SoakReport> {
    const { stack, contracts, replicas, messages, settings, clock } = this;
    const environment = {
      ...contracts.environment,
      REDIS_URL: `redis://${REDIS_USER}:unused@127.0.0.1:${stack.redis.port}/0`,
    };
    const start = (replica: ServiceProcess): Promise<void> => replica.start(environment);
    await Promise.all(replicas.map(start));
    const killer = new ReplicaKiller(replicas, new SeededRandom(`kills ${settings.seed}`), settings.killEveryMs, start);
    const producer = new SoakProducer(stack.queue);
    const dice = new SeededRandom(`faults ${settings.seed}`);
    const faults = new SoakFaults(
      stack,
      contracts,
      environment,
      producer,
      replicas,
      clock,
      dice,
      settings.faultEveryMs,
    );
    const begun = performance.now();
    killer.start();
    faults.start();
    await producer.produce(messages, settings.pushMs);
    await faults.stop();
    const stuck = await this.waitUntilDrained();
    await killer.stop();
    const seconds = (performance.now() - begun) / 1000;
    await Promise.all(replicas.filter(({ running }) => !running).map(start));
    const unsettled = await this.waitForIdleLanes();
    const ledgerLost = faults.injected.has('lost ledger');
    return {
      messages: producer.pushed,
      kills: killer.kills,
      faults: faults.injected,
      transactions: await this.transactions(),
      events: (await stack.queue.events()).length,
      dead: (await stack.queue.deadLetters()).length,
      seconds,
      violations: [
        ...stuck,
        ...unsettled,
        ...faults.violations,
        ...(await findViolations(stack, contracts, producer.pushed, { ledgerLost })),
        ...(await this.discrepancies(ledgerLost)),
      ],
    };
  }

  /** A lost ledger is rebuilt first, as the runbook says. */
  private async discrepancies(ledgerLost: boolean): Promise<readonly string[]> {
    const environment = { ...this.stack.environment, ...this.contracts.environment };
    if (ledgerLost) {
      await Promise.all(this.replicas.map((replica) => replica.stop()));
      await runRebuildLedger(environment, { events: 'published' });
    }
    const report = await runVerifyLedger(environment, { quiescent: true, eventsKept: true });
    return report.disagreements.map(({ code, subject, detail }) => `${code} ${subject}: ${detail}`);
  }

  private async waitUntilDrained(): Promise<readonly string[]> {
    const waiting = { timeoutMs: DRAIN_MS, everyMs: 200 };
    return await complaint(this.stack.queue.drained(waiting));
  }

  /** A token's event is out before its lane has counted the last block: the journal empties a moment later. */
  private async waitForIdleLanes(): Promise<readonly string[]> {
    const atRest = async (): Promise<boolean> => {
      const slots = await this.stack.queue.redis.keys('*:slots:*');
      const open = await Promise.all(slots.map((key) => this.stack.queue.redis.hlen(key)));
      return open.every((count) => count === 0);
    };
    return await complaint(until('the lanes to come to rest', atRest, { timeoutMs: 60_000, everyMs: 200 }));
  }

  private async transactions(): Promise<number> {
    const nonces = await Promise.all(
      ANVIL_ACCOUNTS.map(({ address }) => this.stack.node.request('eth_getTransactionCount', [address, 'latest'])),
    );
    return nonces.reduce<number>((sum, nonce) => sum + Number(nonce), 0);
  }
}

async function complaint(waiting: Promise<unknown>): Promise<readonly string[]> {
  return await waiting.then(
    () => [],
    (error: unknown) => [String(error)],
  );
}
