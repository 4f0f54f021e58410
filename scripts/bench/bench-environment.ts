import { Redis } from 'ioredis';
import { Anvil, ANVIL_ACCOUNTS } from '../../test/support/chain/anvil.js';
import { deployContracts } from '../../test/support/chain/deploy-contracts.js';
import { freePort } from '../../test/support/network/free-port.js';
import { RedisServer } from '../../test/support/redis/redis-server.js';
import { ServiceProcess } from '../../test/support/process/service-process.js';
import type { Disposables } from './disposables.js';

/** The built service with a disposable Redis and chain. The service is not started yet. */
export interface BenchEnvironment {
  readonly redis: Redis;
  readonly redisPort: number;
  readonly anvil: Anvil;
  readonly factory: string;
  readonly service: ServiceProcess;
}

export interface BenchEnvironmentOptions {
  readonly anvilArgs?: readonly string[];
  readonly keys?: number;
  /** Puts something between the service and the node. @returns the URL that the service is to use */
  readonly rpcUrl?: (anvil: Anvil) => Promise<string>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Everything is at its defaults, as in production, unless `env` says otherwise. */
export async function startBenchEnvironment(
  closing: Disposables,
  options: BenchEnvironmentOptions = {},
): Promise<BenchEnvironment> {
  const server = await RedisServer.start();
  closing.add(() => server.stop());
  const redis = new Redis(server.url);
  closing.add(() => redis.disconnect());
  const anvil = await Anvil.start(options.anvilArgs);
  closing.add(() => anvil.stop());
  const keys = deployerKeys(options.keys ?? 1);
  const factory = await deployContracts(anvil, keys);
  const service = new ServiceProcess({
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    PORT: String(await freePort()),
    REDIS_URL: server.url,
    WEB3_PROVIDER_URL: options.rpcUrl === undefined ? anvil.url : await options.rpcUrl(anvil),
    CHAIN_ID: '31337',
    FACTORY_ADDRESS: factory,
    DEPLOYER_PRIVATE_KEY: keys,
    ...options.env,
  });
  closing.add(() => service.stop('SIGKILL'));
  return { redis, redisPort: server.port, anvil, factory, service };
}

/** Private keys of so many funded accounts, separated by commas. */
export function deployerKeys(count: number): string {
  return ANVIL_ACCOUNTS.slice(0, count)
    .map(({ privateKey }) => privateKey)
    .join(',');
}
