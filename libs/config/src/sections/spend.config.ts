import { Env } from '../env/env.decorator.js';
import { optional } from '../env/env-parser.js';
import { positiveAmount } from '../env/amount-parsers.js';
import { integer, seconds } from '../env/number-parsers.js';
import { ConfigBase } from '../env/config-base.js';

/**
 * Budgets of the queue, over all replicas and accounts: each is the start value and the maximum of the policy. And what opens the
 * circuit breaker of the queue.
 */
export class SpendConfig extends ConfigBase {
  /** Wei. */
  @Env('SPEND_PER_HOUR_ETHER', {
    format: optional(positiveAmount('ether', 18)),
    default: null,
    description:
      'Maximum cost of the transactions of an hour in ether, open ones at worst. Processing pauses above it.',
  })
  readonly spendPerHour!: bigint | null;

  /** Wei. */
  @Env('SPEND_PER_DAY_ETHER', {
    format: optional(positiveAmount('ether', 18)),
    default: null,
    description: 'Maximum cost of the transactions of a day in ether. Processing pauses above it.',
  })
  readonly spendPerDay!: bigint | null;

  @Env('MAX_GAS_PER_TOKEN', {
    format: optional(integer({ min: 21_000, max: 16_777_216 })),
    default: null,
    description: 'Maximum gas limit of a deployment divided by its tokens.',
  })
  readonly maxGasPerToken!: number | null;

  @Env('TOKENS_PER_HOUR', {
    format: optional(integer({ min: 1, max: 1_000_000_000 })),
    default: null,
    description: 'Maximum number of tokens of an hour. Processing pauses above it.',
  })
  readonly tokensPerHour!: number | null;

  @Env('CIRCUIT_FAILURES', {
    format: integer({ min: 2, max: 20 }),
    default: '10',
    description: 'Failed transactions of the last 20 that open the circuit breaker: processing pauses.',
  })
  readonly circuitFailures!: number;

  @Env('CIRCUIT_COST_FACTOR', {
    format: optional(integer({ min: 2, max: 1_000 })),
    default: null,
    description:
      'Median cost of a token in the last 20 transactions, as a multiple of the usual cost, that opens the circuit breaker.',
  })
  readonly circuitCostFactor!: number | null;

  @Env('CIRCUIT_COOL_DOWN', {
    format: seconds({ min: 1, max: 86_400 }),
    default: '60',
    description: 'Seconds after which an open circuit breaker lets one transaction through.',
  })
  readonly circuitCoolDownMs!: number;
}
