import type { Environment } from '#config';
import { Anvil, ANVIL_ACCOUNTS } from './anvil.js';
import { ChainReplica } from './chain-replica.js';
import { CollectingLogger } from './collecting-logger.js';
import { ManagedContracts } from './managed-contracts.js';
import { RedisServer } from './redis-server.js';
import { RpcProxy } from './rpc-proxy.js';
import { until } from './until.js';

const [ADMIN, DEPLOYER, SECOND] = ANVIL_ACCOUNTS;
const BLOCK_GAS = ['--gas-limit', '60000000'];

/** A chain with stand-ins for Hokusai's contracts, a proxy before it, a Redis, and replicas of what works on the chain. */
export class ManagedHarness {
  readonly admin = ADMIN;
  readonly deployer = DEPLOYER;
  readonly second = SECOND;
  /** Everything that was logged since the last reset. */
  readonly log: string[] = [];
  private readonly replicas: ChainReplica[] = [];
  private ledgers = 0;
  /** Of the test at work; `reset` deploys others. */
  contracts!: ManagedContracts;

  private constructor(
    readonly anvil: Anvil,
    readonly redis: RedisServer,
    readonly proxy: RpcProxy,
  ) {}

  static async start(anvilArgs: readonly string[] = []): Promise<ManagedHarness> {
    const [anvil, redis] = await Promise.all([Anvil.start([...BLOCK_GAS, ...anvilArgs]), RedisServer.start()]);
    return new ManagedHarness(anvil, redis, await RpcProxy.start(anvil.url));
  }

  /** Before a test: contracts and a ledger of its own. @param owner of the registry */
  async begin(owner: string = DEPLOYER.address): Promise<void> {
    this.contracts = await ManagedContracts.deploy(this.anvil, owner);
  }

  /** After a test: no replica, an empty pool, instant mining. */
  async reset(): Promise<void> {
    this.proxy.heal();
    await Promise.all(this.replicas.splice(0).map((replica) => replica.stop()));
    this.contracts.close();
    await this.anvil.request('anvil_dropAllTransactions');
    await this.mining(true);
    this.ledgers += 1;
    this.proxy.seen.length = 0;
    this.log.length = 0;
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await Promise.all([this.anvil.stop(), this.redis.stop()]);
  }

  /** A replica that is not started. Those of one test share ledger and key. */
  async replica(env: Environment = {}): Promise<ChainReplica> {
    const replica = await ChainReplica.create(`replica-${this.replicas.length}`, new CollectingLogger(this.log), {
      CHAIN_ID: '31337',
      WEB3_PROVIDER_URL: this.proxy.url,
      DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey,
      REDIS_URL: this.redis.url,
      QUEUE_NAME: `ready-${this.ledgers}`,
      DEPLOYED_QUEUE_NAME: `deployed-${this.ledgers}`,
      BLOCK_POLL_INTERVAL: '0.02',
      LANE_LEASE: '3',
      RPC_TIMEOUT: '2',
      ...this.contracts.environment,
      ...env,
    });
    this.replicas.push(replica);
    return replica;
  }

  async started(env: Environment = {}): Promise<ChainReplica> {
    const replica = await this.replica(env);
    await replica.start();
    return replica;
  }

  async mining(automatic: boolean): Promise<void> {
    await this.anvil.request('evm_setAutomine', [automatic]);
  }

  async mine(blocks = 1): Promise<void> {
    for (let i = 0; i < blocks; i += 1) await this.anvil.request('evm_mine');
  }

  /** Waits until the node's pool holds so many transactions. */
  async pooled(count: number): Promise<void> {
    await until(`${count} transactions in the pool`, async () => {
      const { pending } = (await this.anvil.request('txpool_status')) as { pending: string };
      return Number(pending) === count;
    });
  }
}
