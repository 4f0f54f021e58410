import { BackendConfig } from './backend.config.js';
import { ChainConfig } from './chain.config.js';
import { HttpConfig } from './http.config.js';
import { LogConfig } from './log.config.js';
import { QueueConfig } from './queue.config.js';
import { RedisConfig } from './redis.config.js';
import { SignerConfig } from './signer.config.js';

/** Every settings class, in the order of the README. */
export const TOPICS = [
  RedisConfig,
  QueueConfig,
  ChainConfig,
  SignerConfig,
  BackendConfig,
  HttpConfig,
  LogConfig,
] as const;
