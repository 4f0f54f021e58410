import type { ChainConfig, SpendConfig } from '#config';
import type { SpendPolicy } from '#core';

/** Returns the policy of the environment: that until an operator sets one, and its maximum afterwards. */
export function maximumPolicy(chain: ChainConfig, spend: SpendConfig): SpendPolicy {
  const { spendPerHour, spendPerDay, maxGasPerToken, tokensPerHour } = spend;
  return {
    spendPerHour,
    spendPerDay,
    gasPerToken: maxGasPerToken === null ? null : BigInt(maxGasPerToken),
    tokensPerHour: tokensPerHour === null ? null : BigInt(tokensPerHour),
    maxFeePerGas: chain.maxFeePerGas,
    maxPriorityFeePerGas: chain.maxPriorityFeePerGas,
  };
}
