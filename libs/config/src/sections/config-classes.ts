import { BackendConfig } from './backend.config.js';
import { ChainConfig } from './chain.config.js';
import { FactoryConfig } from './factory.config.js';
import { HttpConfig } from './http.config.js';
import { LogConfig } from './log.config.js';
import { MessageConfig } from './message.config.js';
import { QueueConfig } from './queue.config.js';
import { RedisConfig } from './redis.config.js';
import { SignerConfig } from './signer.config.js';
import { SpendConfig } from './spend.config.js';
import { TokenManagerConfig } from './token-manager.config.js';

/** Every settings class, in the order of the README; of those that are alternatives the environment chooses one. */
export const CONFIG_CLASSES = [
  RedisConfig,
  QueueConfig,
  MessageConfig,
  ChainConfig,
  SignerConfig,
  SpendConfig,
  BackendConfig,
  FactoryConfig,
  TokenManagerConfig,
  HttpConfig,
  LogConfig,
] as const;
