import { id, ZeroHash } from 'ethers';

/** Grants and revokes every role. */
export const DEFAULT_ADMIN_ROLE = ZeroHash;

/** May deploy tokens. */
export const DEPLOYER_ROLE = id('DEPLOYER_ROLE');

/** May mint on every token of the factory. */
export const MINTER_ROLE = id('MINTER_ROLE');

/** Limits of the factory; a deployment outside of them reverts. Lengths in UTF-8 bytes. */
export const FACTORY_LIMITS = {
  modelId: { minBytes: 1, maxBytes: 255 },
  tokenSymbol: { minBytes: 1, maxBytes: 255 },
  metricName: { minBytes: 0, maxBytes: 255 },
  mlflowRunId: { minBytes: 0, maxBytes: 255 },
  minValue: -(2n ** 255n),
  maxValue: 2n ** 255n - 1n,
} as const;
