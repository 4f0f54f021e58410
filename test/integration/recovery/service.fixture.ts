import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import type { Environment } from '#config';
import type { DiscrepancyCode } from '#reconciliation';
import { HoldRegistry, type HoldReason } from '#core';
import { type VerifyLedgerOptions, runVerifyLedger } from '../../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import { AppModule } from '../../../apps/token-deployer/src/app.module.js';
import { AppLifecycleService } from '../../../apps/token-deployer/src/app-lifecycle.service.js';
import { Anvil, ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { ProducerClient } from '../../support/redis/producer-client.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { RpcProxy } from '../../support/rpc/rpc-proxy.js';
import { until } from '../../support/until.js';

const [ADMIN, DEPLOYER, SECOND] = ANVIL_ACCOUNTS;
const SILENT_LOGGER: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The servers of a scene. */
export interface FixtureServers {
  readonly redisServer: RedisServer;
  readonly anvil: Anvil;
  /** Between the service and the chain. */
  readonly proxy: RpcProxy;
  readonly queue: ProducerClient;
}

/** Model ids that a scene's contracts take. */
export interface FixtureModels {
  readonly first: string;
  readonly second: string;
  /** One that nothing is known of. */
  readonly fresh: string;
  /** One that is said to be deployed and is not. */
  readonly ghost: string;
}

/** The whole service in this process, without HTTP, on a Redis and a chain that a test may ruin. */
export abstract class ServiceFixture {
  readonly admin = ADMIN;
  readonly deployer = DEPLOYER;
  readonly second = SECOND;
  /** Address of the contract that makes the tokens. */
  abstract readonly contract: string;
  abstract readonly models: FixtureModels;
  private services: INestApplicationContext[] = [];
  private snapshot: unknown = null;
  private savedRedis: ReadonlyMap<string, Buffer> = new Map();

  protected constructor(private readonly servers: FixtureServers) {}

  protected static async startServers(anvilArgs: readonly string[] = []): Promise<FixtureServers> {
    const [redisServer, anvil] = await Promise.all([RedisServer.start(), Anvil.start(anvilArgs)]);
    const proxy = await RpcProxy.start(anvil.url);
    return { redisServer, anvil, proxy, queue: ProducerClient.connect(redisServer.url) };
  }

  /** What the service is told of its contracts. */
  protected abstract readonly contractSettings: Environment;

  /** Ends what the scene holds besides its servers. */
  protected abstract close(): void;

  /** The event of the first model's second token, which the real contract makes impossible. */
  abstract secondTokenEvent(): { readonly topics: readonly string[]; readonly data: string };

  get redisServer(): RedisServer {
    return this.servers.redisServer;
  }

  get anvil(): Anvil {
    return this.servers.anvil;
  }

  get proxy(): RpcProxy {
    return this.servers.proxy;
  }

  get queue(): ProducerClient {
    return this.servers.queue;
  }

  /** The chain as it is now is what every `reset` brings back. */
  protected async snapshotChain(): Promise<void> {
    this.snapshot = await this.anvil.request('evm_snapshot');
  }

  async stop(): Promise<void> {
    await this.stopServices();
    this.queue.close();
    this.close();
    await this.proxy.stop();
    await Promise.all([this.redisServer.stop(), this.anvil.stop()]);
  }

  /** Ends the service; what Redis and chain hold now is what every `reset` brings back. */
  async saveState(): Promise<void> {
    await this.stopServices();
    const frozen = new Map<string, Buffer>();
    for (const key of await this.redis.keys('*')) {
      const value = await this.redis.dumpBuffer(key);
      if (value) frozen.set(key, value);
    }
    this.savedRedis = frozen;
    await this.snapshotChain();
  }

  /** Between two tests: no service, an empty Redis, a chain with nothing on it but the contracts; unless frozen otherwise. */
  async reset(): Promise<void> {
    await this.stopServices();
    this.proxy.reset();
    this.proxy.calls.length = 0;
    await this.redis.flushall();
    for (const [key, value] of this.savedRedis) await this.redis.restore(key, 0, value);
    await this.anvil.request('evm_setAutomine', [true]);
    await this.anvil.request('evm_revert', [this.snapshot]);
    await this.snapshotChain();
  }

  get redis(): Redis {
    return this.queue.redis;
  }

  get environment(): Environment {
    return {
      REDIS_URL: this.redisServer.url,
      WEB3_PROVIDER_URL: this.proxy.url,
      CHAIN_ID: '31337',
      DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey,
      OPS_API_TOKEN: 'an-operator-token-of-32-characters',
      BLOCK_POLL_INTERVAL: '0.02',
      LANE_LEASE: '1',
      LEASE_DURATION: '1',
      POLL_INTERVAL: '0.2',
      ...this.contractSettings,
    };
  }

  async startService(changes: Environment = {}): Promise<INestApplicationContext> {
    const app = await NestFactory.createApplicationContext(
      await AppModule.forRoot({ ...this.environment, ...changes }),
      { logger: SILENT_LOGGER },
    );
    this.services.push(app);
    await app.get(AppLifecycleService).start();
    return app;
  }

  async stopServices(): Promise<void> {
    for (const app of this.services.splice(0)) await app.close();
  }

  /** Pushes a message for each model, as the producer does, and waits until the service has settled all of them. */
  async deploy(...modelIds: readonly string[]): Promise<readonly string[]> {
    const messages = modelIds.map((modelId) => platformMessage({ model_id: modelId }));
    await this.queue.push(...messages);
    await this.waitUntilDrained();
    return messages;
  }

  async waitUntilDrained(): Promise<void> {
    await this.queue.drained({ timeoutMs: 60_000 });
  }

  /** The codes of all disagreements. */
  async verifyLedger(
    options: VerifyLedgerOptions = {},
    changes: Environment = {},
  ): Promise<readonly DiscrepancyCode[]> {
    const environment = { ...this.environment, ...changes };
    const { disagreements } = await runVerifyLedger(environment, { settlingMs: 100, ...options });
    return [...new Set(disagreements.map(({ code }) => code))].toSorted();
  }

  /** A copy of Redis as it is now, and the way back to it. */
  async backUpRedis(): Promise<() => Promise<void>> {
    await this.redis.save();
    const dump = join(this.redisServer.folder, 'dump.rdb');
    const copy = await readFile(dump);
    return async () => {
      await this.redisServer.stopProcess('SIGKILL');
      await writeFile(dump, copy);
      await this.redisServer.restart();
      await until('the connection', async () => (await this.redis.ping()) === 'PONG');
    };
  }

  async setAutomine(automatic: boolean): Promise<void> {
    await this.anvil.request('evm_setAutomine', [automatic]);
  }

  async mine(blocks = 1): Promise<void> {
    for (let i = 0; i < blocks; i += 1) await this.anvil.request('evm_mine');
  }

  /** Waits until the service reports this hold. @returns the detail of the hold */
  async waitForHold(service: INestApplicationContext, reason: HoldReason): Promise<string> {
    return await until(
      `the hold ${reason}`,
      () =>
        service
          .get(HoldRegistry)
          .list()
          .find((hold) => hold.reason === reason)?.detail,
    );
  }

  async waitForHoldCleared(service: INestApplicationContext, reason: HoldReason): Promise<void> {
    const isHeld = (): boolean =>
      service
        .get(HoldRegistry)
        .list()
        .some((hold) => hold.reason === reason);
    await until(`the end of the hold ${reason}`, () => !isHeld());
  }

  async jobKey(modelId: string): Promise<string> {
    return await this.keyEndingWith(`:job:${modelId}`);
  }

  async laneKey(): Promise<string> {
    return await this.keyEndingWith(`:lane:${DEPLOYER.address.toLowerCase()}`);
  }

  private async keyEndingWith(end: string): Promise<string> {
    const key = (await this.redis.keys('*')).find((each) => each.endsWith(end));
    if (key === undefined) throw new Error(`no key ends with ${end}`);
    return key;
  }

  /** Transactions that the deployer has in blocks. */
  async minedNonce(): Promise<number> {
    return Number(await this.anvil.request('eth_getTransactionCount', [DEPLOYER.address, 'latest']));
  }
}
