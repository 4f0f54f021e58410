/** What the service may spend. An operator may lower it while the service runs. */
export interface SpendPolicy {
  /** Wei in an hour; null: no budget. */
  readonly spendPerHour: bigint | null;
  /** Wei in a day; null: no budget. */
  readonly spendPerDay: bigint | null;
  /** Maximum gas limit of a deployment, for each of its tokens; null: none. */
  readonly gasPerToken: bigint | null;
  /** Tokens in an hour; null: no budget. */
  readonly tokensPerHour: bigint | null;
  /** Wei per gas. */
  readonly maxFeePerGas: bigint;
  /** Wei per gas. */
  readonly maxPriorityFeePerGas: bigint;
}

export interface VersionedPolicy extends SpendPolicy {
  /** Grows by one with each change; 0 before the first. */
  readonly version: number;
}

/** The fields of a policy, in the order in which they are shown. */
export const POLICY_FIELDS = [
  'spendPerHour',
  'spendPerDay',
  'gasPerToken',
  'tokensPerHour',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
] as const satisfies readonly (keyof SpendPolicy)[];

/** Returns the policy with each value at most as high as in `maximum`. */
export function limitPolicy(policy: VersionedPolicy, maximum: SpendPolicy): VersionedPolicy {
  return {
    version: policy.version,
    spendPerHour: lower(policy.spendPerHour, maximum.spendPerHour),
    spendPerDay: lower(policy.spendPerDay, maximum.spendPerDay),
    gasPerToken: lower(policy.gasPerToken, maximum.gasPerToken),
    tokensPerHour: lower(policy.tokensPerHour, maximum.tokensPerHour),
    maxFeePerGas: lower(policy.maxFeePerGas, maximum.maxFeePerGas) ?? maximum.maxFeePerGas,
    maxPriorityFeePerGas:
      lower(policy.maxPriorityFeePerGas, maximum.maxPriorityFeePerGas) ?? maximum.maxPriorityFeePerGas,
  };
}

function lower(value: bigint | null, maximum: bigint | null): bigint | null {
  if (value === null || maximum === null) return value ?? maximum;
  return value < maximum ? value : maximum;
}
