import { Redis } from 'ioredis';
import { keccak256, Transaction, type Wallet } from 'ethers';
import { ledgerKeys, type LedgerKeys } from '#ledger';
import { queueKeys, type QueueKeys } from '#queue';
import { freePort } from '../support/network/free-port.js';
import { ProducerClient } from '../support/redis/producer-client.js';
import { ServiceProcess } from '../support/process/service-process.js';
import { until } from '../support/until.js';
import type { CrashEnvironment } from './crash-environment.js';
import type { ContractSetup, Step } from './contract-setup.js';
import { HoldingRpcProxy, type SendHandling } from './holding-rpc-proxy.js';

/** Short enough that a test sees them run out, long enough for a busy machine to renew them. */
const SHORT_LEASES = { LEASE_DURATION: '1.5', LANE_LEASE: '1.5', POLL_INTERVAL: '0.2' };

export interface ReplicaSetOptions {
  readonly replicas: number;
  /** Accounts whose keys every replica has. Default: 1. */
  readonly accounts?: number;
  /** Whether an external owner takes the last step on chain. */
  readonly externalOwner?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Replicas of the service with a queue and accounts of their own. */
export class ReplicaSet {
  /** What a replica did that it must not do, found while it did it. */
  readonly violations: string[] = [];

  private constructor(
    readonly environment: CrashEnvironment,
    readonly contracts: ContractSetup,
    readonly wallets: readonly Wallet[],
    readonly platform: ProducerClient,
    readonly redis: Redis,
    readonly queue: QueueKeys,
    readonly ledger: LedgerKeys,
    readonly replicas: readonly ServiceProcess[],
    /** The node as each replica sees it, in the same order. */
    readonly proxies: readonly HoldingRpcProxy[],
    /** What all of them are configured with, but for the way to the node. */
    readonly serviceEnv: Readonly<Record<string, string>>,
  ) {}

  /** @param name of its own among the crews of a site */
  static async open(site: CrashEnvironment, name: string, options: ReplicaSetOptions): Promise<ReplicaSet> {
    const { replicas, accounts = 1, externalOwner = false, env = {} } = options;
    const wallets = await Promise.all(Array.from({ length: accounts }, () => site.fundedAccount()));
    const contracts = await site.contractsFor({ accounts: wallets.map(({ address }) => address), externalOwner });
    const gates = await Promise.all(Array.from({ length: replicas }, () => HoldingRpcProxy.start(site.anvil.url)));
    const names = { queue: `ready:${name}`, deployed: `deployed:${name}` };
    const environment = {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      REDIS_URL: site.redis.url,
      CHAIN_ID: '31337',
      ...contracts.environment,
      DEPLOYER_PRIVATE_KEY: wallets.map(({ privateKey }) => privateKey).join(','),
      OPS_API_TOKEN: 'a-token-for-one-test-only',
      QUEUE_NAME: names.queue,
      DEPLOYED_QUEUE_NAME: names.deployed,
      CONFIRMATIONS: '2',
      BLOCK_POLL_INTERVAL: '0.5',
      ...SHORT_LEASES,
      ...env,
    };
    const ports = await Promise.all(Array.from({ length: replicas }, freePort));
    const crew = new ReplicaSet(
      site,
      contracts,
      wallets,
      ProducerClient.connect(site.redis.url, names),
      new Redis(site.redis.url, { maxRetriesPerRequest: null }),
      queueKeys(names.queue),
      ledgerKeys({ queueName: names.queue, chainId: 31337, contract: contracts.address }),
      gates.map(({ url }, index) => {
        return new ServiceProcess({ ...environment, WEB3_PROVIDER_URL: url, PORT: String(ports[index]) });
      }),
      gates,
      { ...environment, WEB3_PROVIDER_URL: site.anvil.url },
    );
    for (const gate of gates) gate.onArrival = (raw) => crew.checkJournaled(raw);
    return crew;
  }

  /** Starts the replicas that do not run. */
  async start(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    await Promise.all(this.stopped.map((replica) => replica.start(changes)));
  }

  /** Starts them without waiting for anything: each dies on its way. */
  launch(changes: Readonly<Record<string, string>>): void {
    for (const replica of this.stopped) replica.launch(changes);
  }

  /** Every replica ends itself at this place; where all come there at one instant, all do. */
  crashAt(place: string): void {
    for (const replica of this.replicas) replica.crashAt(place);
  }

  /** Waits until so many replicas at least do not run, and returns what they logged before they died. */
  async waitForDeaths(count: number): Promise<string> {
    const waiting = { timeoutMs: 90_000, everyMs: 5 };
    const died = until(`${count} dead replicas`, () => this.stopped.length >= count && this.stopped, waiting);
    const dead = await died.catch((error: unknown) => {
      const outputs = this.replicas.map((replica) => replica.output);
      throw new Error(`too few replicas died:\n${outputs.join('\n')}`, { cause: error });
    });
    const exits = await Promise.all(dead.map((replica) => replica.exit()));
    const output = dead.map((replica) => replica.output).join('\n');
    if (exits.some((code) => code !== null)) throw new Error(`a replica ended by itself:\n${output}`);
    return output;
  }

  /** Transactions that any replica sent, repetitions included. */
  get sent(): readonly string[] {
    return this.proxies.flatMap((gate) => gate.sent);
  }

  openProxies(): void {
    for (const gate of this.proxies) gate.passAll();
  }

  /** What becomes of the transactions that replicas send from now on. @param step the others pass; all steps without */
  setHandling(treatment: SendHandling, step?: Step): void {
    const concerns = (raw: string): boolean => step === undefined || step === this.stepOf(raw);
    for (const gate of this.proxies) gate.handling = (raw) => (concerns(raw) ? treatment : 'pass');
  }

  stepOf(raw: string): Step {
    return this.contracts.stepOf(Transaction.from(raw));
  }

  /** The chain gets transactions that waited at the gates, unless a replica sent them once more and was faster. */
  async submitToChain(raws: readonly string[]): Promise<void> {
    for (const raw of raws) {
      for (const gate of this.proxies) gate.release(raw);
      await this.environment.anvil.request('eth_sendRawTransaction', [raw]).catch(async (error: unknown) => {
        if (!(await this.environment.isMined(raw))) throw error;
      });
    }
  }

  /** Whether a replica has logged that it sent a transaction: it is past the place "sent". */
  hasLoggedSend(raw: string): boolean {
    return this.replicas.some(({ output }) => output.includes(keccak256(raw)));
  }

  async killAll(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop('SIGKILL')));
  }

  /** Waits until no message is on its way and no slot is open. */
  async waitUntilSettled(): Promise<void> {
    const atRest = async (): Promise<boolean> => {
      const open = await this.openSlots();
      return open.every((count) => count === 0) && (await this.platform.isDrained());
    };
    const saw = async () => ({
      openSlots: await this.openSlots(),
      ...(await this.platform.messageCounts()),
      lastLines: this.replicas.map(({ running, output }) => [running, output.split('\n').at(-1)]),
    });
    await until('everything to be settled', atRest, { timeoutMs: 120_000, everyMs: 50, saw });
  }

  /** Of each account. */
  private async openSlots(): Promise<readonly number[]> {
    return await Promise.all(this.wallets.map(({ address }) => this.redis.hlen(this.ledger.slots(address))));
  }

  /** Waits until no model waits for the external owner. */
  async waitUntilRegistered(): Promise<void> {
    const left = this.ledger.jobs('deployed_unregistered');
    await until('the last registrations to be seen', async () => (await this.redis.zcard(left)) === 0);
  }

  async stop(): Promise<void> {
    await this.killAll();
    await Promise.all(this.proxies.map((gate) => gate.stop()));
    this.platform.close();
    this.redis.disconnect();
  }

  get stopped(): readonly ServiceProcess[] {
    return this.replicas.filter((replica) => !replica.running);
  }

  /** J1: what arrives at the node stands in the journal already. */
  private async checkJournaled(raw: string): Promise<void> {
    const sender = Transaction.from(raw).from ?? '';
    const slots = await this.redis.hvals(this.ledger.slots(sender));
    if (!slots.some((slot) => slot.includes(raw))) this.violations.push(`J1: sent and not journalled: ${raw}`);
  }
}
