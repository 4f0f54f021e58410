import { type DynamicModule, Module } from '@nestjs/common';
import { ChainModule, LaneProbe, RpcProbe } from '#chain';
import {
  BackendConfig,
  ChainConfig,
  type Environment,
  HttpConfig,
  LogConfig,
  QueueConfig,
  RedisConfig,
  secretsOf,
  type Settings,
  AppConfigModule,
  SignerConfig,
} from '#config';
import { DEAD_LETTER_REASONS, HOLD_REASONS } from '#core';
import { WorkerModule } from '#worker';
import { ConsoleSettings, DependencyProbes, ApiModule, ApiSettings } from '#api';
import { RedisHealthProbe } from '#redis';
import { TelemetryModule } from '#telemetry';
import { InfrastructureModule } from './infrastructure.module.js';
import { AppLifecycleService } from './app-lifecycle.service.js';
import { version } from './version.js';

const telemetry = TelemetryModule.forRootAsync({
  inject: [LogConfig, RedisConfig, QueueConfig, ChainConfig, SignerConfig, BackendConfig, HttpConfig],
  useFactory: ({ level }: LogConfig, ...others: readonly Settings[]) => ({
    log: { level, secrets: secretsOf(...others) },
    labels: { deadLetterReasons: DEAD_LETTER_REASONS, holdReasons: HOLD_REASONS, version },
  }),
});

const ops = ApiModule.register({
  providers: [
    {
      provide: ApiSettings,
      inject: [HttpConfig, QueueConfig],
      useFactory: (
        { operateToken, readToken, tokenList, trustedProxies, requestsPerMinute }: HttpConfig,
        { modelIdSource }: QueueConfig,
      ) =>
        new ApiSettings({
          operateToken,
          readToken,
          tokenList,
          trustedProxies: trustedProxies ?? [],
          requestsPerMinute,
          modelIdSource,
          serviceName: 'token-deployer',
          version,
        }),
    },
    {
      provide: ConsoleSettings,
      inject: [ChainConfig],
      useFactory: ({ chainId, networkName, explorerUrl }: ChainConfig) =>
        new ConsoleSettings({ chainId, networkName, explorerUrl }),
    },
    {
      provide: DependencyProbes,
      inject: [RedisHealthProbe, RpcProbe, LaneProbe],
      useFactory: (...probes: [RedisHealthProbe, RpcProbe, LaneProbe]) => new DependencyProbes(probes),
    },
  ],
});

/** The composition root: joins ports to adapters, only. */
@Module({})
export class AppModule {
  /** @param environment replaces `process.env` in tests */
  static async forRoot(environment?: Environment): Promise<DynamicModule> {
    const settings = await AppConfigModule.forRoot(environment);
    return {
      module: AppModule,
      imports: [settings, telemetry, InfrastructureModule, ChainModule, WorkerModule, ops],
      providers: [AppLifecycleService],
    };
  }
}
