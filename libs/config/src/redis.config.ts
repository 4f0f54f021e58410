import { Env } from './env.js';
import { seconds } from './number-formats.js';
import { secretUrl } from './secret-formats.js';
import { Settings } from './settings.js';

/** The connections to Redis. */
export class RedisConfig extends Settings {
  @Env('REDIS_URL', {
    format: secretUrl(['redis', 'rediss']),
    default: 'redis://localhost:6379/0',
    description: 'Redis, with user, password and database where needed; `rediss://` for TLS.',
    secret: true,
  })
  readonly url!: string;

  @Env('REDIS_CONNECT_TIMEOUT', {
    format: seconds({ min: 0.1, max: 60 }),
    default: '5',
    description: 'Seconds until an attempt to connect is given up.',
  })
  readonly connectTimeoutMs!: number;

  @Env('REDIS_COMMAND_TIMEOUT', {
    format: seconds({ min: 0.1, max: 60 }),
    default: '5',
    description: 'Seconds until a command without a reply is given up.',
  })
  readonly commandTimeoutMs!: number;
}
