import { Env } from '../env/env.decorator.js';
import { address } from '../env/env-parser.js';
import { integer } from '../env/number-parsers.js';
import { ConfigBase } from '../env/config-base.js';
import { whenBackend } from './token-backend.js';

/** This project's own contracts. */
export class FactoryConfig extends ConfigBase {
  static override readonly enabledWhen = whenBackend('factory');

  @Env('FACTORY_ADDRESS', { format: address(), description: 'Address of the token factory.' })
  readonly factoryAddress!: string;

  @Env('FACTORY_DEPLOYED_AT_BLOCK', {
    format: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    default: '0',
    description: "Block of the factory's deployment; event searches start there.",
  })
  readonly factoryDeployedAtBlock!: number;
}
