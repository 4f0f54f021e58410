import { formatUnits } from 'ethers';
import type { TokenManagerConfig } from '#config';
import type { TokenManagerDeployment } from '#contracts';
import { type TermsRequest, toTokenManagerDeployment } from './deployment-terms.js';

/** A parameter of a token that is not as a request and the configuration want it. */
export interface TermDifference {
  /** The variable, or the field of the message, that says the parameter. */
  readonly parameter: string;
  readonly wanted: string;
  readonly found: string;
  /** Whether the variable set to what was found would make the token fit. */
  readonly isConfigurable: boolean;
}

type Term = Omit<TermDifference, 'wanted' | 'found'> & { readonly value: string };

/**
 * Compares the call that deployed a token with what is wanted.
 *
 * @param fromOwnJournal whether the job's own journal names the transaction. Its terms may differ from today's
 *   configuration, so only the fields of the message must match.
 */
export function termDifferences(
  call: TokenManagerDeployment,
  request: TermsRequest,
  config: TokenManagerConfig,
  fromOwnJournal: boolean,
): readonly TermDifference[] {
  const found = termsOf(call, request, call);
  return termsOf(toTokenManagerDeployment(request, config), request, call).flatMap((term, index) => {
    const { parameter, isConfigurable, value: wanted } = term;
    const { value = '' } = found[index] ?? {};
    if (value === wanted || (fromOwnJournal && isOfConfiguration(parameter))) return [];
    return [{ parameter, isConfigurable, wanted, found: value }];
  });
}

/** Says each difference. */
export function listDifferences(differences: readonly TermDifference[]): string {
  return differences.map(({ parameter, wanted, found }) => `${parameter} is ${found}, wanted ${wanted}`).join('; ');
}

/** Says each difference, and which variables would make the token fit. */
export function describeDifferences(differences: readonly TermDifference[]): string {
  const list = listDifferences(differences);
  if (!differences.every(({ isConfigurable }) => isConfigurable)) return list;
  const fitting = differences.map(({ parameter, found }) => `${parameter}=${found}`).join(' ');
  return `${list}. Only the configuration differs: the token fits ${fitting}`;
}

/** @param found the call that deployed the token: it decides how its vesting can be configured */
function termsOf(
  deployment: TokenManagerDeployment,
  { supplierRecipient }: TermsRequest,
  found: TokenManagerDeployment,
): readonly Term[] {
  const { initialParams: params } = deployment;
  return [
    ofMessage('model_id', JSON.stringify(deployment.modelId)),
    ofMessage('token name', JSON.stringify(deployment.name)),
    ofMessage('token_symbol', JSON.stringify(deployment.symbol)),
    ofConfig('MODEL_SUPPLIER_ALLOCATION', tokens(deployment.modelSupplierAllocation)),
    supplierRecipient === null
      ? ofConfig('MODEL_SUPPLIER_RECIPIENT', deployment.modelSupplierRecipient)
      : ofMessage('model_supplier_recipient', deployment.modelSupplierRecipient),
    ofConfig('INVESTOR_ALLOCATION', tokens(deployment.investorAllocation)),
    ofConfig('TOKENS_PER_DELTA_ONE', tokens(params.tokensPerDeltaOne)),
    ofConfig('INFRASTRUCTURE_ACCRUAL_BPS', String(params.infrastructureAccrualBps)),
    ofConfig('ORACLE_PRICE_PER_THOUSAND_USD', amount(params.initialOraclePricePerThousandUsd, 6)),
    ofConfig('LICENSE_HASH', params.licenseHash.toLowerCase()),
    ofConfig('LICENSE_URI', JSON.stringify(params.licenseURI)),
    ofConfig('GOVERNOR_ADDRESS', params.governor),
    ...vestingTerms(params.vestingConfig, found.initialParams.vestingConfig),
  ];
}

type Vesting = TokenManagerDeployment['initialParams']['vestingConfig'];

/** Vesting that is off has one form that can be configured: everything unlocked at once. */
function vestingTerms(vesting: Vesting, found: Vesting): readonly Term[] {
  const isOff = !vesting.enabled && vesting.immediateUnlockBps === 10_000;
  if (!found.enabled) {
    const canBeOff = found.immediateUnlockBps === 10_000 && isWithoutTimes(found);
    const value = isOff && isWithoutTimes(vesting) ? 'false' : describeVesting(vesting);
    return [{ parameter: 'VESTING_ENABLED', value, isConfigurable: canBeOff }];
  }
  return [
    ofConfig('VESTING_ENABLED', String(vesting.enabled)),
    ofConfig('VESTING_IMMEDIATE_UNLOCK_BPS', String(vesting.immediateUnlockBps)),
    ofConfig('VESTING_DURATION', String(vesting.vestingDurationSeconds)),
    ofConfig('VESTING_CLIFF', String(vesting.cliffSeconds)),
  ];
}

function isWithoutTimes({ vestingDurationSeconds, cliffSeconds }: Vesting): boolean {
  return vestingDurationSeconds === 0n && cliffSeconds === 0n;
}

function describeVesting({ enabled, immediateUnlockBps, vestingDurationSeconds, cliffSeconds }: Vesting): string {
  return `${enabled} (${immediateUnlockBps} bps at once, ${vestingDurationSeconds} s, cliff ${cliffSeconds} s)`;
}

function isOfConfiguration(parameter: string): boolean {
  return /^[A-Z_]+$/.test(parameter);
}

function ofMessage(parameter: string, value: string): Term {
  return { parameter, value, isConfigurable: false };
}

function ofConfig(parameter: string, value: string): Term {
  return { parameter, value, isConfigurable: true };
}

function tokens(value: bigint): string {
  return amount(value, 18);
}

function amount(value: bigint, decimals: number): string {
  return formatUnits(value, decimals).replace(/\.0$/, '');
}
