import type { TokenManagerConfig } from '#config';
import { checksumAddress, type TokenManagerDeployment } from '#contracts';
import type { DeploymentRecord, DeploymentRequest } from '#core';
import { tokenManagerTokenName } from './token-manager-contracts.js';

/** The part of a request that goes into the manager's call. */
export interface TermsRequest extends Pick<DeploymentRequest, 'supplierRecipient'> {
  readonly record: Pick<DeploymentRecord, 'modelId' | 'tokenSymbol'>;
}

/** All zero would mean the defaults of the parameter contract, and these vest. */
const NO_VESTING = { enabled: false, immediateUnlockBps: 10_000, vestingDurationSeconds: 0n, cliffSeconds: 0n };

/** Builds the manager's call for a request with the configured terms. */
export function toTokenManagerDeployment(request: TermsRequest, config: TokenManagerConfig): TokenManagerDeployment {
  const { modelId, tokenSymbol } = request.record;
  return {
    modelId,
    name: tokenManagerTokenName(request.record),
    symbol: tokenSymbol,
    modelSupplierAllocation: config.modelSupplierAllocation,
    modelSupplierRecipient: request.supplierRecipient ?? toChecksumAddress(config.modelSupplierRecipient),
    investorAllocation: config.investorAllocation,
    initialParams: {
      tokensPerDeltaOne: config.tokensPerDeltaOne,
      infrastructureAccrualBps: config.infrastructureAccrualBps,
      initialOraclePricePerThousandUsd: config.oraclePricePerThousandUsd,
      licenseHash: config.licenseHash,
      licenseURI: config.licenseUri,
      governor: toChecksumAddress(config.governor),
      vestingConfig: config.vestingEnabled
        ? {
            enabled: true,
            immediateUnlockBps: config.vestingImmediateUnlockBps,
            vestingDurationSeconds: BigInt(config.vestingDurationSeconds),
            cliffSeconds: BigInt(config.vestingCliffSeconds),
          }
        : NO_VESTING,
    },
  };
}

/** Returns the EIP-55 form. The startup checks reject a wrong checksum. */
export function toChecksumAddress(text: string): string {
  return checksumAddress(text.toLowerCase()) ?? text;
}
