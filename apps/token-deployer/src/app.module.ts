import { type DynamicModule, Module } from '@nestjs/common';
import { ChainModule } from '#chain';
import { type Environment, LogConfig, secretsOf, SettingsModule } from '#config';
import { BackendConfig, ChainConfig, HttpConfig, QueueConfig, RedisConfig, SignerConfig } from '#config';
import { DEAD_LETTER_REASONS, HOLD_REASONS } from '#core';
import { DeploymentModule } from '#deployment';
import { TelemetryModule } from '#telemetry';
import { AdaptersModule } from './adapters.module.js';
import { Lifecycle } from './lifecycle.js';
import { version } from './version.js';

/** Every configuration class that may hold a secret: the log shows none of them. */
const TOPICS = [RedisConfig, QueueConfig, ChainConfig, SignerConfig, BackendConfig, HttpConfig] as const;

/** The composition root: joins ports to adapters, and nothing else. */
@Module({})
export class AppModule {
  /** @param environment instead of the real one, for tests */
  static async forRoot(environment?: Environment): Promise<DynamicModule> {
    return {
      module: AppModule,
      imports: [
        await SettingsModule.forRoot(environment),
        TelemetryModule.forRootAsync({
          inject: [LogConfig, ...TOPICS],
          useFactory: ({ level }: LogConfig, ...topics) => ({
            log: { level, secrets: secretsOf(...topics) },
            labels: { deadLetterReasons: DEAD_LETTER_REASONS, holdReasons: HOLD_REASONS, version },
          }),
        }),
        AdaptersModule,
        ChainModule,
        DeploymentModule,
      ],
      providers: [Lifecycle],
    };
  }
}
