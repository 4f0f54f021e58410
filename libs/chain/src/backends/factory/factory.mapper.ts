import type { TokenDeployedLog } from '#contracts';
import type { Block, DeployedToken, TransactionReceipt } from '#core';

/** The factory is the registry, so one transaction is both. */
export function toDeployedToken(
  log: TokenDeployedLog,
  receipt: TransactionReceipt,
  block: Block,
  gasUsed: bigint,
): DeployedToken {
  return {
    tokenAddress: log.tokenAddress,
    transactionHash: receipt.transactionHash,
    registryTransactionHash: receipt.transactionHash,
    registration: null,
    blockNumber: receipt.blockNumber,
    blockTimestamp: block.timestamp,
    gasUsed,
    gasPrice: receipt.gasPrice,
    deployerAddress: log.deployer,
  };
}
