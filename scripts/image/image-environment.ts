import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Anvil, ANVIL_ACCOUNTS } from '../../test/support/chain/anvil.js';
import { TokenManagerContracts } from '../../test/support/chain/token-manager-contracts.js';
import { ProducerClient } from '../../test/support/redis/producer-client.js';
import { RedisServer } from '../../test/support/redis/redis-server.js';

const [{ address, privateKey }] = ANVIL_ACCOUNTS;

/** A real Redis, a real chain without contracts, and the secrets to reach them in files, as Kubernetes mounts them. */
export class ImageEnvironment {
  private constructor(
    private readonly redis: RedisServer,
    private readonly anvil: Anvil,
    readonly queue: ProducerClient,
    readonly secrets: string,
    /** Bearer token of the operator API. */
    readonly opsToken: string,
  ) {}

  /** @param folder where the secrets go; the caller removes it @param group whose members may read them */
  static async start(folder: string, group: number): Promise<ImageEnvironment> {
    const redis = await RedisServer.start();
    const anvil = await Anvil.start();
    const opsToken = randomUUID();
    const secrets = {
      REDIS_URL: redis.url,
      WEB3_PROVIDER_URL: anvil.url,
      DEPLOYER_PRIVATE_KEY: privateKey,
      OPS_API_TOKEN: opsToken,
    };
    await mkdir(folder);
    for (const [name, content] of Object.entries(secrets)) {
      const file = join(folder, name);
      await writeFile(file, content);
      await chown(file, 0, group);
      await chmod(file, 0o440);
    }
    return new ImageEnvironment(redis, anvil, ProducerClient.connect(redis.url), folder, opsToken);
  }

  /** Variables of a container that sees the secrets at /run/secrets. */
  get env(): Readonly<Record<string, string>> {
    return {
      CHAIN_ID: '31337',
      REDIS_URL_FILE: '/run/secrets/REDIS_URL',
      WEB3_PROVIDER_URL_FILE: '/run/secrets/WEB3_PROVIDER_URL',
      DEPLOYER_PRIVATE_KEY_FILE: '/run/secrets/DEPLOYER_PRIVATE_KEY',
      OPS_API_TOKEN_FILE: '/run/secrets/OPS_API_TOKEN',
    };
  }

  /** Whether the chain takes transactions into blocks. */
  async setAutomine(on: boolean): Promise<void> {
    await this.anvil.request('evm_setAutomine', [on]);
    if (on) await this.anvil.request('evm_mine');
  }

  /** Deploys stand-ins for Hokusai's contracts. @returns variables that name them, and lists of their own */
  async deployTokenManager(): Promise<Readonly<Record<string, string>>> {
    const contracts = await TokenManagerContracts.deploy(this.anvil, address);
    contracts.close();
    return { ...contracts.environment, QUEUE_NAME: 'managed', DEPLOYED_QUEUE_NAME: 'managed:deployed' };
  }

  async stop(): Promise<void> {
    this.queue.close();
    await this.redis.stop();
    await this.anvil.stop();
  }
}
