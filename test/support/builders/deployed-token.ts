import type { DeployedToken } from '#core';

/** A token that exists; say only what the test is about. */
export function aDeployedToken(changes: Partial<DeployedToken> = {}): DeployedToken {
  return {
    tokenAddress: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    transactionHash: `0x${'a1'.repeat(32)}`,
    registryTransactionHash: `0x${'a1'.repeat(32)}`,
    registration: null,
    blockNumber: 42,
    blockTimestamp: Date.UTC(2026, 2, 1, 12, 30) / 1000,
    gasUsed: 74_321n,
    gasPrice: 1_500_000_000n,
    deployerAddress: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    ...changes,
  };
}
