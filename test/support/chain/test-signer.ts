import { LocalKey, type PermittedCall, PolicySigner, SigningPolicy } from '#signing';

const SIGNER_TIMEOUT_MS = 10_000;

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
  return (calls) => {
    const policy = new SigningPolicy({ ...LIMITS, chainId, calls });
    return new PolicySigner(new LocalKey('test key', privateKey), policy, SIGNER_TIMEOUT_MS);
  };
}
