import type { TokenManagerConfig } from '#config';
import { checksumAddress, encodeManagedDeployment, type ManagedDeployment } from '#contracts';
import type { DeploymentRecord, DeploymentRequest } from '#core';
import { managedTokenName } from './token-manager-contracts.js';

/** What of a request the manager is told. */
export interface ManagedRequest extends Pick<DeploymentRequest, 'supplierRecipient'> {
  readonly record: Pick<DeploymentRecord, 'modelId' | 'tokenSymbol'>;
}

/** The call that makes the token of a request under the configured terms. */
export function managedDeployment(request: ManagedRequest, config: TokenManagerConfig): ManagedDeployment {
  const { modelId, tokenSymbol } = request.record;
  return {
    modelId,
    name: managedTokenName(request.record),
    symbol: tokenSymbol,
    modelSupplierAllocation: config.modelSupplierAllocation,
    modelSupplierRecipient: request.supplierRecipient ?? asAddress(config.modelSupplierRecipient),
    investorAllocation: config.investorAllocation,
    initialParams: {
      tokensPerDeltaOne: config.tokensPerDeltaOne,
      infrastructureAccrualBps: config.infrastructureAccrualBps,
      initialOraclePricePerThousandUsd: config.oraclePricePerThousandUsd,
      licenseHash: config.licenseHash,
      licenseURI: config.licenseUri,
      governor: asAddress(config.governor),
      vestingConfig: {
        enabled: config.vestingEnabled,
        immediateUnlockBps: config.vestingImmediateUnlockBps,
        vestingDurationSeconds: BigInt(config.vestingDurationSeconds),
        cliffSeconds: BigInt(config.vestingCliffSeconds),
      },
    },
  };
}

/**
 * Whether the call that made a token is the one that a request asks for.
 *
 * @param own whether the journal of this very job names the transaction: then it had the terms of its time, and only what
 *   the message itself says has to be the same
 */
export function isAsWanted(
  made: ManagedDeployment,
  request: ManagedRequest,
  config: TokenManagerConfig,
  own: boolean,
): boolean {
  const wanted = managedDeployment(request, config);
  const { modelId, name, symbol } = wanted;
  const terms = own ? made : wanted;
  const modelSupplierRecipient = request.supplierRecipient ?? terms.modelSupplierRecipient;
  return (
    encodeManagedDeployment(made) ===
    encodeManagedDeployment({ ...terms, modelId, name, symbol, modelSupplierRecipient })
  );
}

/** EIP-55. The boot check refuses an address whose checksum is wrong. */
export function asAddress(text: string): string {
  return checksumAddress(text.toLowerCase()) ?? text;
}
