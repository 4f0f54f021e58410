import { Env } from './env.js';
import { address } from './format.js';
import { integer } from './number-formats.js';
import { Settings } from './settings.js';
import { chosenBy } from './token-backend.js';

/** This project's own contracts. */
export class FactoryConfig extends Settings {
  static override readonly choice = chosenBy('factory');

  @Env('FACTORY_ADDRESS', { format: address(), description: 'Address of the token factory.' })
  readonly factoryAddress!: string;

  @Env('FACTORY_DEPLOYED_AT_BLOCK', {
    format: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    default: '0',
    description: "Block of the factory's deployment; older blocks are never searched for events.",
  })
  readonly factoryDeployedAtBlock!: number;
}
