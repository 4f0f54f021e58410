import { Env } from '../env/env.decorator.js';
import { integer, seconds } from '../env/number-parsers.js';
import { privateKeys } from '../env/secret-parsers.js';
import { ConfigBase } from '../env/config-base.js';

/** The accounts that deploy. */
export class SignerConfig extends ConfigBase {
  /** Lower case, 0x-prefixed. */
  @Env('DEPLOYER_PRIVATE_KEY', {
    format: privateKeys(),
    description: 'Private key of the deployer account; several keys, comma-separated, increase throughput.',
    secret: true,
  })
  readonly privateKeys!: readonly string[];

  @Env('MAX_IN_FLIGHT', {
    format: integer({ min: 1, max: 64 }),
    default: '16',
    description:
      'Maximum pending transactions per account, and as many registrations on the account that owns the ModelRegistry. Nodes drop transactions above their own limit.',
  })
  readonly maxInFlight!: number;

  @Env('LANE_LEASE', {
    format: seconds({ min: 0.1, max: 600 }),
    default: '15',
    description:
      'Lease duration of an account in seconds. A replica that stops renewing loses the account after this time.',
  })
  readonly laneLeaseMs!: number;
}
