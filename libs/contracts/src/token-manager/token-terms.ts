import { id, type Interface, type Result } from 'ethers';
import type { TokenManagerDeployment } from './deployment-calls.js';
import { managedTokenInterface, paramsInterface } from './interfaces.js';

const GOV_ROLE = id('GOV_ROLE');

/** Terms that a token and its parameter contract keep. */
export interface KeptTerms extends Omit<TokenManagerDeployment, 'modelId'> {}

/** One view of a token or of its parameter contract. */
export interface TermCall {
  readonly to: string;
  readonly data: string;
}

/** Encodes the lookup of a token's parameter contract. */
export function encodeTokenParams(): string {
  return managedTokenInterface.encodeFunctionData('params');
}

/** EIP-55 address. */
export function decodeTokenParams(returnData: string): string {
  return String(managedTokenInterface.decodeFunctionResult('params', returnData)[0]);
}

const TOKEN_VIEWS = ['name', 'symbol', 'modelSupplierAllocation', 'modelSupplierRecipient', 'investorAllocation'];
const PARAMS_VIEWS = [
  'tokensPerDeltaOne',
  'infrastructureAccrualBps',
  'oraclePricePerThousandUsd',
  'licenseHash',
  'licenseURI',
  'vestingConfig',
];

/**
 * Encodes the views that together show a token's terms.
 *
 * @param governor the account that should hold the governor's role
 */
export function encodeTermCalls(token: string, params: string, governor: string): readonly TermCall[] {
  const role = { to: params, data: paramsInterface.encodeFunctionData('hasRole', [GOV_ROLE, governor]) };
  return [
    ...viewsOf(managedTokenInterface, token, TOKEN_VIEWS),
    ...viewsOf(paramsInterface, params, PARAMS_VIEWS),
    role,
  ];
}

/**
 * Decodes the results of `encodeTermCalls`, in their order.
 *
 * @throws Error when a result is not that of its view
 */
export function decodeTerms(returnData: readonly string[], governor: string): KeptTerms {
  const decoded = (contract: Interface, view: string, index: number): Result =>
    contract.decodeFunctionResult(view, returnData[index] ?? '0x');
  const [name, symbol, supplierAllocation, supplierRecipient, investorAllocation] = TOKEN_VIEWS.map(
    (view, index) => decoded(managedTokenInterface, view, index)[0] as unknown,
  );
  const [tokensPerDeltaOne, accrualBps, price, licenseHash, licenseURI, vesting] = PARAMS_VIEWS.map((view, index) =>
    decoded(paramsInterface, view, TOKEN_VIEWS.length + index),
  );
  const isGovernor = decoded(paramsInterface, 'hasRole', TOKEN_VIEWS.length + PARAMS_VIEWS.length)[0] === true;
  return {
    name: String(name),
    symbol: String(symbol),
    modelSupplierAllocation: BigInt(String(supplierAllocation)),
    modelSupplierRecipient: String(supplierRecipient),
    investorAllocation: BigInt(String(investorAllocation)),
    initialParams: {
      tokensPerDeltaOne: BigInt(String(tokensPerDeltaOne?.[0])),
      infrastructureAccrualBps: Number(accrualBps?.[0]),
      initialOraclePricePerThousandUsd: BigInt(String(price?.[0])),
      licenseHash: String(licenseHash?.[0]),
      licenseURI: String(licenseURI?.[0]),
      governor: isGovernor ? governor : 'another account',
      vestingConfig: {
        enabled: vesting?.[0] === true,
        immediateUnlockBps: Number(vesting?.[1]),
        vestingDurationSeconds: BigInt(String(vesting?.[2])),
        cliffSeconds: BigInt(String(vesting?.[3])),
      },
    },
  };
}

function viewsOf(contract: Interface, to: string, views: readonly string[]): readonly TermCall[] {
  return views.map((view) => ({ to, data: contract.encodeFunctionData(view) }));
}
