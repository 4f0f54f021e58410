import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Anvil, ANVIL_ACCOUNTS } from '../../test/support/anvil.js';
import { PlatformQueue } from '../../test/support/platform-queue.js';
import { RedisServer } from '../../test/support/redis-server.js';

const [{ privateKey }] = ANVIL_ACCOUNTS;

/** A real Redis, a real chain without contracts, and the secrets to reach them in files, as Kubernetes mounts them. */
export class Surroundings {
  private constructor(
    private readonly redis: RedisServer,
    private readonly anvil: Anvil,
    readonly queue: PlatformQueue,
    readonly secrets: string,
  ) {}

  /** @param folder where the secrets go; the caller removes it @param group whose members may read them */
  static async start(folder: string, group: number): Promise<Surroundings> {
    const redis = await RedisServer.start();
    const anvil = await Anvil.start();
    const secrets = { REDIS_URL: redis.url, WEB3_PROVIDER_URL: anvil.url, DEPLOYER_PRIVATE_KEY: privateKey };
    await mkdir(folder);
    for (const [name, content] of Object.entries(secrets)) {
      const file = join(folder, name);
      await writeFile(file, content);
      await chown(file, 0, group);
      await chmod(file, 0o440);
    }
    return new Surroundings(redis, anvil, PlatformQueue.connect(redis.url), folder);
  }

  /** Variables of a container that sees the secrets at /run/secrets. */
  get env(): Readonly<Record<string, string>> {
    return {
      CHAIN_ID: '31337',
      REDIS_URL_FILE: '/run/secrets/REDIS_URL',
      WEB3_PROVIDER_URL_FILE: '/run/secrets/WEB3_PROVIDER_URL',
      DEPLOYER_PRIVATE_KEY_FILE: '/run/secrets/DEPLOYER_PRIVATE_KEY',
    };
  }

  async stop(): Promise<void> {
    this.queue.close();
    await this.redis.stop();
    await this.anvil.stop();
  }
}
