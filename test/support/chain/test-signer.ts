import { type PermittedCall, PolicySigner, SigningPolicy } from '#signing';

/** Limits that no test reaches by accident. */
const LIMITS = {
  maxFeePerGas: 10n ** 12n,
  maxPriorityFeePerGas: 10n ** 11n,
  maxTransactionCost: 10n ** 19n,
  minBalance: 0n,
  refusesLegacy: () => false,
};

/** Returns what creates a signer for the permitted calls. */
export function signerCreator(privateKey: string, chainId = 31337): (calls: readonly PermittedCall[]) => PolicySigner {
  return (calls) => new PolicySigner(privateKey, new SigningPolicy({ ...LIMITS, chainId, calls }));
}
