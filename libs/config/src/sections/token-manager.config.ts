import { amount, tokenAmount } from '../env/amount-parsers.js';
import { addresses, hash, printable } from '../env/chain-parsers.js';
import { Env } from '../env/env.decorator.js';
import type { ConfigProblem } from '../env/environment.js';
import { address, oneOf, optional } from '../env/env-parser.js';
import { integer } from '../env/number-parsers.js';
import { ConfigBase } from '../env/config-base.js';
import { whenBackend } from './token-backend.js';

const USD_DECIMALS = 6;
const ETHER_DECIMALS = 18;
const MAX_BPS = 10_000;
/** A hundred years: `uint64` on chain, and a number that JavaScript can hold. */
const MAX_SECONDS = 3_155_760_000;

/** Hokusai's TokenManager and ModelRegistry, and what every token there starts with. */
export class TokenManagerConfig extends ConfigBase {
  static override readonly enabledWhen = whenBackend('token-manager');

  @Env('TOKEN_MANAGER_ADDRESS', { format: address(), description: "Address of Hokusai's TokenManager." })
  readonly managerAddress!: string;

  @Env('MODEL_REGISTRY_ADDRESS', { format: address(), description: "Address of Hokusai's ModelRegistry." })
  readonly registryAddress!: string;

  @Env('TOKEN_MANAGER_DEPLOYED_AT_BLOCK', {
    format: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    default: '0',
    description: 'First block of event searches in TokenManager and ModelRegistry.',
  })
  readonly deployedAtBlock!: number;

  /** Smallest unit of the token. */
  @Env('MODEL_SUPPLIER_ALLOCATION', {
    format: tokenAmount(),
    description: "Whole tokens (not wei) allocated to the model's supplier.",
  })
  readonly modelSupplierAllocation!: bigint;

  @Env('MODEL_SUPPLIER_RECIPIENT', {
    format: address(),
    description: "Default recipient of the supplier's tokens, for messages without `model_supplier_recipient`.",
  })
  readonly modelSupplierRecipient!: string;

  /** Smallest unit of the token. */
  @Env('INVESTOR_ALLOCATION', {
    format: tokenAmount(),
    description: 'Whole tokens (not wei) allocated to investors.',
  })
  readonly investorAllocation!: bigint;

  /** Fixed point with 18 decimals. */
  @Env('TOKENS_PER_DELTA_ONE', {
    format: tokenAmount(),
    description: 'Whole tokens (not wei) earned per point of improvement.',
  })
  readonly tokensPerDeltaOne!: bigint;

  @Env('INFRASTRUCTURE_ACCRUAL_BPS', {
    format: integer({ min: 0, max: MAX_BPS }),
    description: 'Infrastructure share of the usage fees in basis points.',
  })
  readonly infrastructureAccrualBps!: number;

  /** US dollars with 6 decimals. */
  @Env('ORACLE_PRICE_PER_THOUSAND_USD', {
    format: amount('US dollars', USD_DECIMALS),
    default: '0',
    description: 'Initial price per thousand calls in US dollars, with up to 6 decimals.',
    peer: { name: 'INITIAL_ORACLE_PRICE_PER_THOUSAND_USD', hint: 'in US dollars: its value divided by 1,000,000' },
  })
  readonly oraclePricePerThousandUsd!: bigint;

  @Env('LICENSE_HASH', { format: hash(), description: 'Keccak-256 hash of the licence text.' })
  readonly licenseHash!: string;

  @Env('LICENSE_URI', { format: printable(2048), description: 'URI of the licence.' })
  readonly licenseUri!: string;

  @Env('GOVERNOR_ADDRESS', { format: address(), description: "Address that may change a token's parameters." })
  readonly governor!: string;

  @Env('VESTING_ENABLED', {
    format: oneOf({ true: true, false: false }),
    default: 'false',
    description:
      'Whether rewards vest: `true` or `false`. With `false`, a reward is unlocked at once and the other `VESTING_` variables are ignored.',
  })
  readonly vestingEnabled!: boolean;

  @Env('VESTING_IMMEDIATE_UNLOCK_BPS', {
    format: integer({ min: 0, max: MAX_BPS }),
    default: '0',
    description: 'Share of a reward without vesting, in basis points.',
  })
  readonly vestingImmediateUnlockBps!: number;

  @Env('VESTING_DURATION', {
    format: integer({ min: 0, max: MAX_SECONDS }),
    default: '0',
    description: 'Vesting duration in seconds.',
  })
  readonly vestingDurationSeconds!: number;

  @Env('VESTING_CLIFF', {
    format: integer({ min: 0, max: MAX_SECONDS }),
    default: '0',
    description: 'Vesting cliff in seconds.',
  })
  readonly vestingCliffSeconds!: number;

  /** Wei. */
  @Env('MAX_DEPLOYMENT_FEE_ETHER', {
    format: amount('ether', ETHER_DECIMALS),
    default: '0',
    description: 'Maximum TokenManager fee per deployment in ether. Processing pauses above it.',
  })
  readonly maxDeploymentFee!: bigint;

  @Env('FORMER_DEPLOYERS', {
    format: optional(addresses()),
    default: null,
    description: 'Addresses of former deployer accounts, comma-separated. Their tokens are also adopted.',
  })
  readonly formerDeployers!: readonly string[] | null;

  override crossFieldIssues(): readonly ConfigProblem[] {
    const { vestingEnabled, vestingDurationSeconds, vestingCliffSeconds } = this;
    if (vestingEnabled && vestingDurationSeconds === 0) {
      return [{ variable: 'VESTING_DURATION', expected: 'must be above 0 while VESTING_ENABLED is true' }];
    }
    if (vestingCliffSeconds <= vestingDurationSeconds) return [];
    return [{ variable: 'VESTING_CLIFF', expected: 'must not be longer than VESTING_DURATION' }];
  }
}
