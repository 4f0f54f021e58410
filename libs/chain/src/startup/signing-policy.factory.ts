import { type ChainConfig, isPublicNetwork } from '#config';
import { type PermittedCall, SigningPolicy } from '#signing';

/**
 * Creates the policy for these calls, within the limits of the configuration.
 *
 * @param hasShownBaseFee whether a block of the chain had a base fee
 */
export function createSigningPolicy(
  chain: ChainConfig,
  calls: readonly PermittedCall[],
  hasShownBaseFee: () => boolean,
): SigningPolicy {
  const { chainId, feeStyle, maxFeePerGas, maxPriorityFeePerGas, maxTransactionCost, minBalance } = chain;
  const refusesLegacy = (): boolean => feeStyle === 'eip1559' && (isPublicNetwork(chainId) || hasShownBaseFee());
  const limits = { maxFeePerGas, maxPriorityFeePerGas, maxTransactionCost, minBalance };
  return new SigningPolicy({ ...limits, chainId, calls, refusesLegacy });
}
