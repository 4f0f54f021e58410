import type { Environment } from '#config';
import { type Anvil, ANVIL_ACCOUNTS } from './anvil.js';
import { ChainReplica } from './chain-replica.js';
import { CollectingLogger } from '../telemetry/collecting-logger.js';
import type { RedisServer } from '../redis/redis-server.js';
import type { RpcProxy } from '../rpc/rpc-proxy.js';

const [, DEPLOYER, SECOND] = ANVIL_ACCOUNTS;
const TICK_MS = 20;

/** A chain, a recording proxy before it, a Redis, and replicas of everything that works on the chain. */
export abstract class ReplicaHarness {
  readonly deployer = DEPLOYER;
  /** An account that the contracts do not know. */
  readonly otherAccount = SECOND;
  /** Everything that was logged since the last reset, secrets included if there are any. */
  readonly log: string[] = [];
  private readonly replicas: ChainReplica[] = [];
  private ledgers = 0;
  private readonly clock = performance.now.bind(performance);
  private skippedMs = 0;

  protected constructor(
    readonly anvil: Anvil,
    readonly redis: RedisServer,
    readonly proxy: RpcProxy,
  ) {}

  /** Names the contracts, as the service is configured with them. */
  protected abstract get environment(): Environment;

  async stop(): Promise<void> {
    await this.reset();
    await this.proxy.stop();
    await Promise.all([this.anvil.stop(), this.redis.stop()]);
  }

  /**
   * Resets between two tests: no replica, an empty mempool, instant mining, a new ledger.
   *
   * @throws Error when a secret was logged
   */
  async reset(): Promise<void> {
    this.proxy.reset();
    await Promise.all(this.replicas.splice(0).map((replica) => replica.stop()));
    this.assertNoSecretLogged();
    await this.anvil.request('anvil_dropAllTransactions');
    await this.setAutomine(true);
    this.ledgers += 1;
    Reflect.deleteProperty(performance, 'now');
    this.proxy.calls.length = 0;
    this.log.length = 0;
  }

  /** A replica that is not started. Those of one test share ledger and key. */
  async createReplica(env: Environment = {}): Promise<ChainReplica> {
    const replica = await ChainReplica.create(`replica-${this.replicas.length}`, new CollectingLogger(this.log), {
      CHAIN_ID: '31337',
      WEB3_PROVIDER_URL: this.proxy.url,
      DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey,
      REDIS_URL: this.redis.url,
      QUEUE_NAME: `ready-${this.ledgers}`,
      DEPLOYED_QUEUE_NAME: `deployed-${this.ledgers}`,
      BLOCK_POLL_INTERVAL: '0.02',
      BLOCK_TIME: '0.05',
      LANE_LEASE: '6',
      RPC_TIMEOUT: '10',
      ...this.environment,
      ...env,
    });
    this.replicas.push(replica);
    return replica;
  }

  async startReplica(env: Environment = {}): Promise<ChainReplica> {
    const replica = await this.createReplica(env);
    await replica.start();
    return replica;
  }

  /** Runs the monotonic clock of this process ten times as fast while a test waits for what replicas do after some time. */
  async hurry<T>(wait: Promise<T>): Promise<T> {
    performance.now = () => this.clock() + this.skippedMs;
    const timer = setInterval(() => (this.skippedMs += 9 * TICK_MS), TICK_MS);
    return await wait.finally(() => clearInterval(timer));
  }

  async setAutomine(automatic: boolean): Promise<void> {
    await this.anvil.request('evm_setAutomine', [automatic]);
  }

  async mine(blocks = 1): Promise<void> {
    for (let i = 0; i < blocks; i += 1) await this.anvil.request('evm_mine');
  }

  private assertNoSecretLogged(): void {
    const secrets = ['secret-project', ...ANVIL_ACCOUNTS.map(({ privateKey }) => privateKey.slice(2)), this.redis.url];
    const leak = this.log.find((line) => secrets.some((secret) => line.includes(secret)));
    if (leak !== undefined) throw new Error(`a secret was logged: ${leak}`);
  }
}
