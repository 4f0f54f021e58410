import { Env } from '../env/env.decorator.js';
import { addresses } from '../env/chain-parsers.js';
import { oneOf, optional } from '../env/env-parser.js';
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

  @Env('FORMER_FACTORIES', {
    format: optional(addresses()),
    default: null,
    description:
      'Addresses of factories of this project that the queue deployed to before, comma-separated. A model with a token there gets no second one.',
  })
  readonly formerFactories!: readonly string[] | null;

  @Env('FORMER_TOKEN_MANAGERS', {
    format: optional(addresses()),
    default: null,
    description:
      'Addresses of TokenManagers that the queue deployed to before, comma-separated. A model with a token there gets no second one.',
  })
  readonly formerTokenManagers!: readonly string[] | null;
}
