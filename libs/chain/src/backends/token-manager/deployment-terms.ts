import type { TokenManagerConfig } from '#config';
import { checksumAddress, encodeTokenManagerDeployment, type TokenManagerDeployment } from '#contracts';
import type { DeploymentRecord, DeploymentRequest } from '#core';
import { tokenManagerTokenName } from './token-manager-contracts.js';

/** What of a request the manager is told. */
export interface TermsRequest extends Pick<DeploymentRequest, 'supplierRecipient'> {
  readonly record: Pick<DeploymentRecord, 'modelId' | 'tokenSymbol'>;
}

/** The call that makes the token of a request under the configured terms. */
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
 * @param fromOwnJournal whether the journal of this very job names the transaction: then it had the terms of its time, and only what
 *   the message itself says has to be the same
 */
export function matchesTerms(
  call: TokenManagerDeployment,
  request: TermsRequest,
  config: TokenManagerConfig,
  fromOwnJournal: boolean,
): boolean {
  const wanted = toTokenManagerDeployment(request, config);
  const { modelId, name, symbol } = wanted;
  const terms = fromOwnJournal ? call : wanted;
  const modelSupplierRecipient = request.supplierRecipient ?? terms.modelSupplierRecipient;
  return (
    encodeTokenManagerDeployment(call) ===
    encodeTokenManagerDeployment({ ...terms, modelId, name, symbol, modelSupplierRecipient })
  );
}

/** EIP-55. The boot check refuses an address whose checksum is wrong. */
export function toChecksumAddress(text: string): string {
  return checksumAddress(text.toLowerCase()) ?? text;
}
