import {
  type CircuitState,
  formatFixedPoint,
  POLICY_FIELDS,
  SPEND_BUDGETS,
  type SpendPolicy,
  type SpendRegistry,
  toFixedPoint,
} from '#core';
import type { CircuitDto, PolicyDto, PolicyValuesDto, ShownPolicyDto } from './policy.dto.js';

const GWEI = 10n ** 9n;

export function toShownPolicyDto(spending: SpendRegistry): ShownPolicyDto {
  return {
    version: spending.policy.version,
    policy: toPolicyValuesDto(spending.policy),
    maximum: toPolicyValuesDto(spending.maximum),
    spending: SPEND_BUDGETS.map((budget) => {
      const show = (amount: bigint): string =>
        budget === 'tokens_per_hour' ? String(amount) : formatFixedPoint(amount);
      const { spent, reserved } = spending.windows[budget];
      const remaining = spending.remainingOf(budget);
      return {
        budget,
        spent: show(spent),
        reserved: show(reserved),
        remaining: remaining === null ? null : show(remaining),
      };
    }),
    circuit: spending.circuit === null ? null : toCircuitDto(spending.circuit),
  };
}

function toCircuitDto({ cause, openedAt, probeAt, isBlocking }: CircuitState): CircuitDto {
  return {
    cause: cause.kind,
    since: new Date(openedAt).toISOString(),
    probe_at: new Date(probeAt).toISOString(),
    blocking: isBlocking,
  };
}

function toPolicyValuesDto(policy: SpendPolicy): PolicyValuesDto {
  return {
    spend_per_hour_ether: policy.spendPerHour === null ? null : formatFixedPoint(policy.spendPerHour),
    spend_per_day_ether: policy.spendPerDay === null ? null : formatFixedPoint(policy.spendPerDay),
    max_gas_per_token: policy.gasPerToken === null ? null : Number(policy.gasPerToken),
    tokens_per_hour: policy.tokensPerHour === null ? null : Number(policy.tokensPerHour),
    max_fee_per_gas_gwei: formatFixedPoint(policy.maxFeePerGas * GWEI),
    max_priority_fee_per_gas_gwei: formatFixedPoint(policy.maxPriorityFeePerGas * GWEI),
  };
}

/** Returns the policy of a request. An omitted value is the maximum's. */
export function toPolicy(body: PolicyDto, maximum: SpendPolicy): SpendPolicy {
  const gwei = (text: string | null | undefined): bigint | null => {
    const value = decimal(text);
    return value === null ? null : value / GWEI;
  };
  return {
    spendPerHour: decimal(body.spend_per_hour_ether) ?? maximum.spendPerHour,
    spendPerDay: decimal(body.spend_per_day_ether) ?? maximum.spendPerDay,
    gasPerToken: integer(body.max_gas_per_token) ?? maximum.gasPerToken,
    tokensPerHour: integer(body.tokens_per_hour) ?? maximum.tokensPerHour,
    maxFeePerGas: gwei(body.max_fee_per_gas_gwei) ?? maximum.maxFeePerGas,
    maxPriorityFeePerGas: gwei(body.max_priority_fee_per_gas_gwei) ?? maximum.maxPriorityFeePerGas,
  };
}

const FIELDS = {
  spendPerHour: 'spend_per_hour_ether',
  spendPerDay: 'spend_per_day_ether',
  gasPerToken: 'max_gas_per_token',
  tokensPerHour: 'tokens_per_hour',
  maxFeePerGas: 'max_fee_per_gas_gwei',
  maxPriorityFeePerGas: 'max_priority_fee_per_gas_gwei',
} as const satisfies Readonly<Record<keyof SpendPolicy, keyof PolicyValuesDto>>;

/** Returns what is above the maximum, by field, human-readable. */
export function excessOf(policy: SpendPolicy, maximum: SpendPolicy): readonly string[] {
  const shown = toPolicyValuesDto(maximum);
  return POLICY_FIELDS.flatMap((key) => {
    const [value, limit] = [policy[key], maximum[key]];
    const isAbove = value !== null && limit !== null && value > limit;
    return isAbove ? [`${FIELDS[key]} is above the maximum of the environment, ${shown[FIELDS[key]]}`] : [];
  });
}

function decimal(text: string | null | undefined): bigint | null {
  return text === null || text === undefined ? null : toFixedPoint(text);
}

function integer(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(value);
}
