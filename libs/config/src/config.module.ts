import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import type { Environment } from './env/environment.js';
import { loadConfig, type ConfigClass, type ConfigSet } from './env/load-config.js';
import type { ConfigBase } from './env/config-base.js';
import { CONFIG_CLASSES } from './sections/config-classes.js';

/** Under this name ConfigService keeps what was read. */
const CONFIG = 'settings';

/** Every settings class as a provider, for all modules; null in place of one that the environment does not choose. */
@Module({})
export class AppConfigModule {
  /**
   * Reads the environment once; outside production `.env.development` and `.env` add what it lacks.
   *
   * @param environment instead of the real one, for tests
   * @throws ConfigValidationError
   */
  static async forRoot(environment?: Environment): Promise<DynamicModule> {
    const config = await ConfigModule.forRoot({
      envFilePath: ['.env.development', '.env'],
      ignoreEnvFile: environment !== undefined || process.env['NODE_ENV'] === 'production',
      skipProcessEnv: true,
      validate: (found) => ({ [CONFIG]: loadConfig(environment ?? found, CONFIG_CLASSES) }),
    });
    return {
      module: AppConfigModule,
      global: true,
      imports: [config],
      providers: CONFIG_CLASSES.map((topic) => provider(topic)),
      exports: [...CONFIG_CLASSES],
    };
  }
}

function provider(topic: ConfigClass) {
  return {
    provide: topic,
    inject: [ConfigService],
    useFactory: (config: ConfigService): ConfigBase | null => config.getOrThrow<ConfigSet>(CONFIG).find(topic),
  };
}
