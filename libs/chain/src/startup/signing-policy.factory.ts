import { type ChainConfig, isPublicNetwork } from '#config';
import type { SpendPolicy } from '#core';
import { type PermittedCall, SigningPolicy } from '#signing';

/** What changes while the process runs. */
interface ChangingLimits {
  /** Whether a block of the chain had a base fee. */
  readonly hasShownBaseFee: () => boolean;
  readonly caps: () => Pick<SpendPolicy, 'maxFeePerGas' | 'maxPriorityFeePerGas'>;
}

/** Creates the policy for these calls, within the limits of the configuration. */
export function createSigningPolicy(
  chain: ChainConfig,
  calls: readonly PermittedCall[],
  { hasShownBaseFee, caps }: ChangingLimits,
): SigningPolicy {
  const { chainId, feeStyle, maxTransactionCost, minBalance } = chain;
  return new SigningPolicy({
    chainId,
    calls,
    maxTransactionCost,
    minBalance,
    refusesLegacy: () => feeStyle === 'eip1559' && (isPublicNetwork(chainId) || hasShownBaseFee()),
    get maxFeePerGas() {
      return caps().maxFeePerGas;
    },
    get maxPriorityFeePerGas() {
      return caps().maxPriorityFeePerGas;
    },
  });
}
