import { Env } from '../env/env.decorator.js';
import { optional, identifier } from '../env/env-parser.js';
import { integer, seconds } from '../env/number-parsers.js';
import { bearerToken } from '../env/secret-parsers.js';
import { ConfigBase } from '../env/config-base.js';

const token = optional(bearerToken(16));

/** The HTTP listener and the end of the process. */
export class HttpConfig extends ConfigBase {
  /** 0 lets the operating system choose. */
  @Env('PORT', { format: integer({ min: 0, max: 65_535 }), default: '3000', description: 'Port of the HTTP listener.' })
  readonly port!: number;

  @Env('OPS_API_TOKEN', {
    format: token,
    default: null,
    description: 'Bearer token that may read and operate; without any token the operator API is off.',
    secret: true,
  })
  readonly operateToken!: string | null;

  @Env('OPS_API_READ_TOKEN', {
    format: token,
    default: null,
    description: 'Bearer token that may only read.',
    secret: true,
  })
  readonly readToken!: string | null;

  @Env('OPS_API_TOKEN_LIST', {
    format: optional(identifier(4096)),
    default: null,
    description:
      'Path of a file with further bearer tokens, by their SHA-256; read again when it changes (see docs/operations.md).',
  })
  readonly tokenList!: string | null;

  @Env('SHUTDOWN_TIMEOUT', {
    format: seconds({ min: 0.1, max: 600 }),
    default: '25',
    description: 'Seconds that the process takes at most to end after SIGTERM.',
  })
  readonly shutdownTimeoutMs!: number;
}
