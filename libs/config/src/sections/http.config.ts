import { Env } from '../env/env.decorator.js';
import { optional, identifier } from '../env/env-parser.js';
import { integer, seconds } from '../env/number-parsers.js';
import { subnets } from '../env/server-parsers.js';
import { bearerToken } from '../env/secret-parsers.js';
import { ConfigBase } from '../env/config-base.js';

const token = optional(bearerToken(16));

/** The HTTP listener and the end of the process. */
export class HttpConfig extends ConfigBase {
  /** 0 lets the operating system choose. */
  @Env('PORT', { format: integer({ min: 0, max: 65_535 }), default: '3000', description: 'HTTP port.' })
  readonly port!: number;

  @Env('OPS_API_TOKEN', {
    format: token,
    default: null,
    description: 'Bearer token with scope operate. Without any token the operator API is off.',
    secret: true,
  })
  readonly operateToken!: string | null;

  @Env('OPS_API_READ_TOKEN', {
    format: token,
    default: null,
    description: 'Bearer token with scope read.',
    secret: true,
  })
  readonly readToken!: string | null;

  @Env('OPS_API_TOKEN_LIST', {
    format: optional(identifier(4096)),
    default: null,
    description: 'Path of a file with SHA-256 digests of more bearer tokens; reloaded on change (docs/operations.md).',
  })
  readonly tokenList!: string | null;

  @Env('HTTP_TRUSTED_PROXIES', {
    format: optional(subnets()),
    default: null,
    description:
      'Addresses and subnets of proxies whose `X-Forwarded-For` names the client. Default: none is believed.',
  })
  readonly trustedProxies!: readonly string[] | null;

  @Env('OPS_API_REQUESTS_PER_MINUTE', {
    format: integer({ min: 1, max: 1_000_000 }),
    default: '12000',
    description: 'Maximum requests with one bearer token in a minute, per replica. Above it, 429 with `Retry-After`.',
  })
  readonly requestsPerMinute!: number;

  @Env('SHUTDOWN_TIMEOUT', {
    format: seconds({ min: 0.1, max: 600 }),
    default: '25',
    description: 'Maximum seconds from SIGTERM to the end of the process.',
  })
  readonly shutdownTimeoutMs!: number;
}
