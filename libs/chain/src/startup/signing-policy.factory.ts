import { type ChainConfig, isPublicNetwork } from '#config';
import { SigningPolicy } from '#signing';
import type { BackendProviders } from '../backends/backend-providers.js';
import type { ChainHead } from '../head/chain-head.worker.js';

/** Creates the policy of the lanes' signatures: the calls of the backend, within the limits of the configuration. */
export function createSigningPolicy(chain: ChainConfig, { calls }: BackendProviders, head: ChainHead): SigningPolicy {
  const { chainId, maxFeePerGas, maxPriorityFeePerGas, maxTransactionCost, minBalance } = chain;
  const refusesLegacy = (): boolean =>
    chain.feeStyle === 'eip1559' && (isPublicNetwork(chainId) || head.hasShownBaseFee);
  return new SigningPolicy({
    chainId,
    calls,
    maxFeePerGas,
    maxPriorityFeePerGas,
    maxTransactionCost,
    minBalance,
    refusesLegacy,
  });
}
