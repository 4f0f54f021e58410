import { Env } from '../env/env.decorator.js';
import { oneOf } from '../env/env-parser.js';
import { integer } from '../env/number-parsers.js';
import { ConfigBase } from '../env/config-base.js';
import { TOKEN_BACKENDS, type TokenBackendName, DEFAULT_BACKEND } from './token-backend.js';

/** How tokens come into being on chain. */
export class BackendConfig extends ConfigBase {
  @Env('TOKEN_BACKEND', {
    format: oneOf(TOKEN_BACKENDS),
    default: DEFAULT_BACKEND,
    description:
      "Contracts that create the tokens: `factory` of this project, or `token-manager` with Hokusai's TokenManager and ModelRegistry.",
  })
  readonly tokenBackend!: TokenBackendName;

  @Env('BATCH_SIZE', {
    format: integer({ min: 1, max: 1000 }),
    default: '100',
    description: 'Maximum tokens per transaction.',
  })
  readonly batchSize!: number;

  @Env('GAS_MARGIN_PERCENT', {
    format: integer({ min: 0, max: 400 }),
    default: '10',
    description: 'Gas limit above the estimate, in percent. Raise it on chains whose gas depends on the L1 price.',
  })
  readonly gasMarginPercent!: number;

  @Env('BATCH_WAIT_MS', {
    format: integer({ min: 0, max: 60_000 }),
    default: '20',
    description:
      'Milliseconds after a transaction in which the next batch waits for more deployments, unless it is full.',
  })
  readonly batchWaitMs!: number;
}
