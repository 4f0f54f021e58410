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
      "The contracts that make the tokens: `factory`, this project's own, or `token-manager`, Hokusai's TokenManager and ModelRegistry.",
  })
  readonly tokenBackend!: TokenBackendName;

  @Env('BATCH_SIZE', {
    format: integer({ min: 1, max: 1000 }),
    default: '100',
    description: 'Most tokens in one transaction.',
  })
  readonly batchSize!: number;

  @Env('GAS_MARGIN_PERCENT', {
    format: integer({ min: 0, max: 400 }),
    default: '10',
    description:
      'Percent by which the gas limit of a transaction exceeds the estimate. Raise it where the need for gas follows the price of L1.',
  })
  readonly gasMarginPercent!: number;

  @Env('BATCH_WAIT_MS', {
    format: integer({ min: 0, max: 60_000 }),
    default: '20',
    description: 'Milliseconds after a transaction that the next one waits for more deployments, unless it is full.',
  })
  readonly batchWaitMs!: number;
}
