import { setTimeout as sleep } from 'node:timers/promises';
import { runVerifyLedger } from '../../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { abortable } from '../../support/abortable.js';
import { SeededRandom } from '../../support/seeded-random.js';
import type { ServiceProcess } from '../../support/process/service-process.js';
import { TestStack } from '../../support/process/test-stack.js';
import { until } from '../../support/until.js';
import { ReplicaKiller } from './replica-killer.js';
import { findViolations } from './soak-checks.js';
import { type SoakBackend, type SoakContracts, soakContracts } from './soak-contracts.js';
import { type SoakMessage, soakMessages } from './soak-messages.js';

export interface SoakSettings {
  readonly backend: SoakBackend;
  readonly seed: number;
  readonly models: number;
  /** Milliseconds over which the messages come. */
  readonly pushMs: number;
  /** Milliseconds between two kills. */
  readonly killEveryMs: number;
  readonly replicas: number;
}

export interface SoakReport {
  readonly messages: readonly SoakMessage[];
  readonly kills: number;
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

/** Replicas with three accounts between them, all of them killed over and over while messages of every kind come. */
export class SoakRun {
  private constructor(
    private readonly settings: SoakSettings,
    private readonly stack: TestStack,
    private readonly contracts: SoakContracts,
    private readonly replicas: readonly ServiceProcess[],
    private readonly messages: readonly SoakMessage[],
  ) {}

  /**
   * Needs the compiled service, see scripts/build.mjs. Leaves no process and no file behind.
   *
   * @throws Error when the signal breaks it off
   */
  static async run(settings: SoakSettings, signal?: AbortSignal): Promise<SoakReport> {
    const stack = await TestStack.start({ anvilArgs: ANVIL, env: ENV });
    const contracts = await soakContracts(settings.backend, stack);
    try {
      const replicas = [stack.service];
      while (replicas.length < settings.replicas) replicas.push(await stack.createReplica());
      const messages = soakMessages(settings.models, contracts.modelId, new SeededRandom(`messages ${settings.seed}`));
      return await abortable(new SoakRun(settings, stack, contracts, replicas, messages).carryOut(), signal);
    } finally {
      contracts.close();
      await stack.stop();
    }
  }

  private async carryOut(): Promise<SoakReport> {
    const { stack, contracts, replicas, messages, settings } = this;
    const start = (replica: ServiceProcess): Promise<void> => replica.start(contracts.environment);
    await Promise.all(replicas.map(start));
    const killer = new ReplicaKiller(replicas, new SeededRandom(`kills ${settings.seed}`), settings.killEveryMs, start);
    const begun = Date.now();
    killer.start();
    await this.push();
    const stuck = await this.waitUntilDrained();
    await killer.stop();
    const seconds = (Date.now() - begun) / 1000;
    const unsettled = await this.waitForIdleLanes();
    const report = await runVerifyLedger(
      { ...stack.environment, ...contracts.environment },
      { quiescent: true, eventsKept: true },
    );
    return {
      messages,
      kills: killer.kills,
      transactions: await this.transactions(),
      events: (await stack.queue.events()).length,
      dead: (await stack.queue.deadLetters()).length,
      seconds,
      violations: [
        ...stuck,
        ...unsettled,
        ...(await findViolations(stack, contracts, messages)),
        ...report.disagreements.map(({ code, subject, detail }) => `${code} ${subject}: ${detail}`),
      ],
    };
  }

  private async push(): Promise<void> {
    const { stack, messages, settings } = this;
    const begun = Date.now();
    for (const [index, { text }] of messages.entries()) {
      const due = begun + (index / messages.length) * settings.pushMs;
      if (due > Date.now()) await sleep(due - Date.now());
      await stack.queue.push(text);
    }
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
