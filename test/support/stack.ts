import { randomBytes } from 'node:crypto';
import { Anvil, ANVIL_ACCOUNTS } from './anvil.js';
import { deployContracts } from './contracts.js';
import { freePort } from './free-port.js';
import { ProducerClient } from './producer-client.js';
import { RedisServer } from './redis-server.js';
import { AS_IN_PRODUCTION, Service } from './service.js';
import { TcpProxy } from './tcp-proxy.js';
import { TokenRegistry } from './token-registry.js';

const [DEPLOYER] = ANVIL_ACCOUNTS;

export interface StackOptions {
  /** On top of the service's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly redisArgs?: readonly string[];
  readonly anvilArgs?: readonly string[];
  /** Port of the service; a free one without. */
  readonly port?: number;
  readonly onServiceLine?: (line: string) => void;
  /** Whether the service starts file by file even where the tests have a bundle of it. */
  readonly asInProduction?: boolean;
}

/** Redis, a chain with the contracts on it, and the service, which is not started yet: all real, all one's own. */
export class Stack {
  private constructor(
    readonly redis: RedisServer,
    readonly anvil: Anvil,
    /** Between the service and the chain. */
    readonly rpcProxy: TcpProxy,
    readonly queue: ProducerClient,
    readonly tokens: TokenRegistry,
    readonly service: Service,
    readonly opsToken: string,
    /** What the service is configured with. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly replica: (port: number) => Service,
    private readonly closing: Closing,
  ) {}

  static async start(options: StackOptions = {}): Promise<Stack> {
    const closing = new Closing();
    try {
      return await Stack.open(options, closing);
    } catch (error) {
      await closing.run();
      throw error;
    }
  }

  private static async open(options: StackOptions, closing: Closing): Promise<Stack> {
    const redis = await RedisServer.start(options.redisArgs);
    closing.add(() => redis.stop());
    const anvil = await Anvil.start(options.anvilArgs);
    closing.add(() => anvil.stop());
    const rpcProxy = await TcpProxy.start(anvil.port);
    closing.add(() => rpcProxy.stop());
    const keys = options.env?.['DEPLOYER_PRIVATE_KEY'] ?? DEPLOYER.privateKey;
    const factory = await deployContracts(anvil, keys);
    const queue = ProducerClient.connect(redis.url);
    closing.add(() => queue.close());
    const tokens = new TokenRegistry(anvil.url, factory);
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
    const program = options.asInProduction === true ? AS_IN_PRODUCTION : undefined;
    const replica = (port: number): Service => {
      const service = new Service({ ...env, PORT: String(port) }, options.onServiceLine, program);
      closing.add(() => service.stop('SIGKILL'));
      return service;
    };
    const service = replica(options.port ?? (await freePort()));
    return new Stack(redis, anvil, rpcProxy, queue, tokens, service, opsToken, env, replica, closing);
  }

  /** Another service on the same queue, chain and account; not started yet. */
  async anotherService(): Promise<Service> {
    return this.replica(await freePort());
  }

  /** Ends everything, the service first and as hard as can be. */
  async stop(): Promise<void> {
    await this.closing.run();
  }
}

/** What was opened, to be closed in the opposite order. */
class Closing {
  private readonly steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
  }
}
