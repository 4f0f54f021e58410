import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import type { Environment } from './environment.js';
import { readSettings, type SettingsClass, type SettingsSet } from './read-settings.js';
import type { Settings } from './settings.js';
import { TOPICS } from './topics.js';

/** Under this name ConfigService keeps what was read. */
const SETTINGS = 'settings';

/** Every settings class as a provider, for all modules; null in place of one that the environment does not choose. */
@Module({})
export class SettingsModule {
  /**
   * Reads the environment once; outside production `.env.development` and `.env` add what it lacks.
   *
   * @param environment instead of the real one, for tests
   * @throws InvalidEnvironment
   */
  static async forRoot(environment?: Environment): Promise<DynamicModule> {
    const config = await ConfigModule.forRoot({
      envFilePath: ['.env.development', '.env'],
      ignoreEnvFile: environment !== undefined || process.env['NODE_ENV'] === 'production',
      skipProcessEnv: true,
      validate: (found) => ({ [SETTINGS]: readSettings(environment ?? found, TOPICS) }),
    });
    return {
      module: SettingsModule,
      global: true,
      imports: [config],
      providers: TOPICS.map((topic) => provider(topic)),
      exports: [...TOPICS],
    };
  }
}

function provider(topic: SettingsClass) {
  return {
    provide: topic,
    inject: [ConfigService],
    useFactory: (config: ConfigService): Settings | null => config.getOrThrow<SettingsSet>(SETTINGS).find(topic),
  };
}
