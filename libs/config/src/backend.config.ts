import { Env } from './env.js';
import { address, oneOf } from './format.js';
import { integer } from './number-formats.js';
import { Settings } from './settings.js';

/** How tokens come into being on chain. */
export class BackendConfig extends Settings {
  @Env('TOKEN_BACKEND', {
    format: oneOf({ factory: 'factory' as const }),
    default: 'factory',
    description: "The contracts that make the tokens: `factory`, this project's own.",
  })
  readonly tokenBackend!: 'factory';

  @Env('FACTORY_ADDRESS', { format: address(), description: 'Address of the token factory.' })
  readonly factoryAddress!: string;

  @Env('FACTORY_DEPLOYED_AT_BLOCK', {
    format: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    default: '0',
    description: "Block of the factory's deployment; older blocks are never searched for events.",
  })
  readonly factoryDeployedAtBlock!: number;

  @Env('BATCH_SIZE', {
    format: integer({ min: 1, max: 1000 }),
    default: '100',
    description: 'Most tokens in one transaction.',
  })
  readonly batchSize!: number;

  @Env('BATCH_WAIT_MS', {
    format: integer({ min: 0, max: 60_000 }),
    default: '20',
    description: 'Milliseconds that a batch waits for more deployments.',
  })
  readonly batchWaitMs!: number;
}
