import { randomBytes } from 'node:crypto';
import { Anvil, ANVIL_ACCOUNTS } from '../chain/anvil.js';
import { deployContracts } from '../chain/deploy-contracts.js';
import type { EvmNode } from '../chain/evm-node.js';
import { freePort } from '../network/free-port.js';
import { ProducerClient } from '../redis/producer-client.js';
import { RedisServer } from '../redis/redis-server.js';
import { ServiceProcess } from './service-process.js';
import { TcpProxy } from '../network/tcp-proxy.js';
import { FactoryTokenReader } from '../chain/factory-token-reader.js';

const [DEPLOYER] = ANVIL_ACCOUNTS;

export interface TestStackOptions {
  /** On top of the service's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly redisArgs?: readonly string[];
  /** On top of this process's environment. */
  readonly redisEnv?: Readonly<Record<string, string>>;
  readonly anvilArgs?: readonly string[];
  /** Starts the node. Default: anvil. */
  readonly startNode?: () => Promise<EvmNode>;
  /** Port of the service. Default: a free one. */
  readonly port?: number;
  readonly onServiceLine?: (line: string) => void;
  /** What Node runs as the service. Default: the bundle of the tests where there is one, else the compiled service. */
  readonly program?: readonly string[];
}

/** A real, separate Redis, a chain with the contracts, and the service, which is not started yet. */
export class TestStack {
  private constructor(
    readonly redis: RedisServer,
    readonly node: EvmNode,
    /** Between the service and the chain. */
    readonly rpcProxy: TcpProxy,
    readonly queue: ProducerClient,
    readonly tokens: FactoryTokenReader,
    readonly service: ServiceProcess,
    readonly opsToken: string,
    /** What the service is configured with. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly replica: (port: number) => ServiceProcess,
    private readonly disposables: Disposables,
  ) {}

  static async start(options: TestStackOptions = {}): Promise<TestStack> {
    const closing = new Disposables();
    try {
      return await TestStack.open(options, closing);
    } catch (error) {
      await closing.dispose();
      throw error;
    }
  }

  private static async open(options: TestStackOptions, closing: Disposables): Promise<TestStack> {
    const redis = await RedisServer.start(options.redisArgs, options.redisEnv);
    closing.add(() => redis.stop());
    const node = await (options.startNode?.() ?? Anvil.start(options.anvilArgs));
    closing.add(() => node.stop());
    const rpcProxy = await TcpProxy.start(node.port);
    closing.add(() => rpcProxy.stop());
    const keys = options.env?.['DEPLOYER_PRIVATE_KEY'] ?? DEPLOYER.privateKey;
    const factory = await deployContracts(node, keys);
    const queue = ProducerClient.connect(redis.url);
    closing.add(() => queue.close());
    const tokens = new FactoryTokenReader(node.url, factory);
    closing.add(() => tokens.close());
    const opsToken = randomBytes(24).toString('base64url');
    const env = {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      REDIS_URL: redis.url,
      WEB3_PROVIDER_URL: `http://127.0.0.1:${rpcProxy.port}`,
      CHAIN_ID: '31337',
      FACTORY_ADDRESS: factory,
      DEPLOYER_PRIVATE_KEY: keys,
      OPS_API_TOKEN: opsToken,
      ...options.env,
    };
    const replica = (port: number): ServiceProcess => {
      const service = new ServiceProcess({ ...env, PORT: String(port) }, options.onServiceLine, options.program);
      closing.add(() => service.stop('SIGKILL'));
      return service;
    };
    const service = replica(options.port ?? (await freePort()));
    return new TestStack(redis, node, rpcProxy, queue, tokens, service, opsToken, env, replica, closing);
  }

  /** Another service on the same queue, chain and account; not started yet. */
  async createReplica(): Promise<ServiceProcess> {
    return this.replica(await freePort());
  }

  /** Ends everything, the service first and as hard as can be. */
  async stop(): Promise<void> {
    await this.disposables.dispose();
  }
}

/** What was opened, to be closed in the opposite order. */
class Disposables {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  async dispose(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
  }
}
