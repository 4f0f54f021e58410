import { Env } from '../env/env.decorator.js';
import { integer, seconds } from '../env/number-parsers.js';
import { privateKeys } from '../env/secret-parsers.js';
import { ConfigBase } from '../env/config-base.js';

/** The accounts that deploy. */
export class SignerConfig extends ConfigBase {
  /** Lower case, 0x-prefixed. */
  @Env('DEPLOYER_PRIVATE_KEY', {
    format: privateKeys(),
    description: 'Private key of the deploying account; several, separated by commas, for more throughput.',
    secret: true,
  })
  readonly privateKeys!: readonly string[];

  @Env('MAX_IN_FLIGHT', {
    format: integer({ min: 1, max: 64 }),
    default: '16',
    description:
      'Most transactions of one account that no block has taken; nodes drop what goes beyond their own limit.',
  })
  readonly maxInFlight!: number;

  @Env('LANE_LEASE', {
    format: seconds({ min: 0.1, max: 600 }),
    default: '15',
    description: 'Seconds that an account stays with a replica that shows no sign of life.',
  })
  readonly laneLeaseMs!: number;
}
