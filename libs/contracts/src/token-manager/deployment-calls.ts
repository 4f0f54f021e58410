import { type Interface, isHexString, Result } from 'ethers';
import { managerInterface } from './interfaces.js';

/** The TokenManager's `VestingConfig`. */
interface VestingTerms {
  readonly enabled: boolean;
  /** Basis points. */
  readonly immediateUnlockBps: number;
  readonly vestingDurationSeconds: bigint;
  readonly cliffSeconds: bigint;
}

/** The TokenManager's `InitialParams`: initial values of a token's parameter contract. */
interface TokenTerms {
  /** Fixed point with 18 decimals. */
  readonly tokensPerDeltaOne: bigint;
  /** Basis points. */
  readonly infrastructureAccrualBps: number;
  /** US dollars with 6 decimals. */
  readonly initialOraclePricePerThousandUsd: bigint;
  /** 32 bytes as 0x-prefixed hex. */
  readonly licenseHash: string;
  readonly licenseURI: string;
  readonly governor: string;
  readonly vestingConfig: VestingTerms;
}

/** One call of `deployTokenWithAllocations`. Amounts have the token's 18 decimals. */
export interface TokenManagerDeployment {
  readonly modelId: string;
  readonly name: string;
  readonly symbol: string;
  readonly modelSupplierAllocation: bigint;
  readonly modelSupplierRecipient: string;
  readonly investorAllocation: bigint;
  readonly initialParams: TokenTerms;
}

const DEPLOY = 'deployTokenWithAllocations';

export function encodeTokenManagerDeployment(deployment: TokenManagerDeployment): string {
  const { modelId, name, symbol, modelSupplierAllocation, modelSupplierRecipient, investorAllocation } = deployment;
  const allocations = [modelSupplierAllocation, modelSupplierRecipient, investorAllocation];
  const call = [modelId, name, symbol, ...allocations, deployment.initialParams];
  return managerInterface.encodeFunctionData(DEPLOY, call);
}

/** Decodes a deployment call. Returns null for other calldata. */
export function decodeTokenManagerDeployment(data: string): TokenManagerDeployment | null {
  const call = decodeCall(managerInterface, DEPLOY, data);
  const params: unknown = call?.getValue('initialParams');
  const vesting: unknown = params instanceof Result ? params.getValue('vestingConfig') : null;
  if (!call || !(params instanceof Result) || !(vesting instanceof Result)) return null;
  return {
    modelId: String(call.getValue('modelId')),
    name: String(call.getValue('name')),
    symbol: String(call.getValue('symbol')),
    modelSupplierAllocation: BigInt(String(call.getValue('modelSupplierAllocation'))),
    modelSupplierRecipient: String(call.getValue('modelSupplierRecipient')),
    investorAllocation: BigInt(String(call.getValue('investorAllocation'))),
    initialParams: toTokenTerms(params, vesting),
  };
}

function toTokenTerms(params: Result, vesting: Result): TokenTerms {
  return {
    tokensPerDeltaOne: BigInt(String(params.getValue('tokensPerDeltaOne'))),
    infrastructureAccrualBps: Number(params.getValue('infrastructureAccrualBps')),
    initialOraclePricePerThousandUsd: BigInt(String(params.getValue('initialOraclePricePerThousandUsd'))),
    licenseHash: String(params.getValue('licenseHash')),
    licenseURI: String(params.getValue('licenseURI')),
    governor: String(params.getValue('governor')),
    vestingConfig: {
      enabled: vesting.getValue('enabled') === true,
      immediateUnlockBps: Number(vesting.getValue('immediateUnlockBps')),
      vestingDurationSeconds: BigInt(String(vesting.getValue('vestingDurationSeconds'))),
      cliffSeconds: BigInt(String(vesting.getValue('cliffSeconds'))),
    },
  };
}

/** Decodes the arguments of a call. Returns null for other calldata. */
function decodeCall(contract: Interface, name: string, data: string): Result | null {
  if (!isHexString(data)) return null;
  try {
    return contract.decodeFunctionData(name, data);
  } catch {
    // ethers has no check that does not throw.
    return null;
  }
}
