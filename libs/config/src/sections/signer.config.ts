import { Env } from '../env/env.decorator.js';
import { integer, seconds } from '../env/number-parsers.js';
import { type ConfigProblem, configProblems } from '../env/environment.js';
import { optional } from '../env/env-parser.js';
import { privateKeys } from '../env/secret-parsers.js';
import { resolveSigners, type SignerSource, signerUris, variablesInSigners } from '../env/signer-uris.js';
import { ConfigBase, secretFileOf } from '../env/config-base.js';

/** The accounts that deploy. */
export class SignerConfig extends ConfigBase {
  /** Lower case, 0x-prefixed. */
  @Env('DEPLOYER_PRIVATE_KEY', {
    format: optional(privateKeys()),
    default: null,
    description:
      'Private key of the deployer account; several keys, comma-separated, increase throughput. Required unless `DEPLOYER_SIGNERS` is set. The file is read again when it changes.',
    secret: true,
  })
  readonly privateKeys!: readonly string[] | null;

  @Env('DEPLOYER_SIGNERS', {
    format: optional(signerUris()),
    default: null,
    description:
      'Signers of the deployer accounts in place of `DEPLOYER_PRIVATE_KEY`, as comma- or newline-separated URIs: a file, a keystore, a key service or a remote signer (docs/keys.md).',
    secret: true,
    references: { namesIn: variablesInSigners, resolve: resolveSigners },
  })
  readonly signerUris!: readonly SignerSource[] | null;

  @Env('SIGNER_TIMEOUT', {
    format: seconds({ min: 0.1, max: 600 }),
    default: '10',
    description: 'Maximum time of a signature in seconds. A signer that takes longer holds its lane.',
  })
  readonly signerTimeoutMs!: number;

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

  /** Signers of the deployer accounts, in the order of their lanes. */
  get sources(): readonly SignerSource[] {
    if (this.signerUris !== null) return this.signerUris;
    const path = secretFileOf(this, 'DEPLOYER_PRIVATE_KEY');
    if (path !== null) return [{ kind: 'file', name: 'DEPLOYER_PRIVATE_KEY_FILE', path }];
    const count = this.privateKeys?.length ?? 0;
    return (this.privateKeys ?? []).map((privateKey, index) => {
      return { kind: 'key', name: `DEPLOYER_PRIVATE_KEY${count > 1 ? ` ${index + 1}` : ''}`, privateKey };
    });
  }

  override crossFieldIssues(): readonly ConfigProblem[] {
    const { privateKeys: keys, signerUris: uris } = this;
    const empty = uris?.find((source) => source.kind === 'key' && source.privateKey === null)?.name;
    return configProblems(
      [keys !== null && uris !== null, 'DEPLOYER_SIGNERS', 'must not be set together with DEPLOYER_PRIVATE_KEY'],
      [
        keys === null && uris === null,
        'DEPLOYER_PRIVATE_KEY',
        `is required unless DEPLOYER_SIGNERS is set, and must be ${privateKeys().expected}`,
      ],
      [empty, 'DEPLOYER_SIGNERS', `names ${empty}: that variable must be a private key of 64 hexadecimal digits`],
    );
  }
}
