import { TokenManagerConfig } from '#config';
import type { TokenManagerDeployment } from '#contracts';
import { describe, expect, it } from 'vitest';
import { toTokenManagerDeployment } from './deployment-terms.js';
import { describeDifferences, termDifferences } from './term-differences.js';

const [RECIPIENT, OTHER] = ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0x52908400098527886E0F7030069857D2E4169EE7'];
const REQUEST = { record: { modelId: '1', tokenSymbol: 'MSG' }, supplierRecipient: null };

const CONFIG = Object.assign(new TokenManagerConfig(), {
  modelSupplierAllocation: 2_500_000n * 10n ** 18n,
  modelSupplierRecipient: RECIPIENT,
  investorAllocation: 10n ** 18n,
  tokensPerDeltaOne: 5_000n * 10n ** 18n,
  infrastructureAccrualBps: 5_000,
  oraclePricePerThousandUsd: 1_500_000n,
  licenseHash: `0x${'AB'.repeat(32)}`,
  licenseUri: 'ipfs://licence',
  governor: RECIPIENT,
  vestingEnabled: false,
  vestingImmediateUnlockBps: 0,
  vestingDurationSeconds: 0,
  vestingCliffSeconds: 0,
});

const WANTED = toTokenManagerDeployment(REQUEST, CONFIG);
const PARAMS = WANTED.initialParams;
const OFF = PARAMS.vestingConfig;

function described(
  call: TokenManagerDeployment,
  request: Parameters<typeof termDifferences>[1] = REQUEST,
  config = CONFIG,
) {
  return describeDifferences(termDifferences(call, request, config, false));
}

const withParams = (changes: Partial<typeof PARAMS>) => ({ ...WANTED, initialParams: { ...PARAMS, ...changes } });
const withVesting = (changes: Partial<typeof OFF>) => withParams({ vestingConfig: { ...OFF, ...changes } });

describe('the differences of a token', () => {
  it('are none when it was deployed as wanted', () => {
    expect(termDifferences(WANTED, REQUEST, CONFIG, false)).toEqual([]);
    expect(
      termDifferences(withParams({ licenseHash: PARAMS.licenseHash.toLowerCase() }), REQUEST, CONFIG, false),
    ).toEqual([]);
  });

  it('name each parameter, wanted and found, and the configuration that fits', () => {
    const found = {
      ...withParams({ governor: OTHER, initialOraclePricePerThousandUsd: 0n }),
      investorAllocation: 5n * 10n ** 17n,
    };
    expect(described(found)).toBe(
      'INVESTOR_ALLOCATION is 0.5, wanted 1; ORACLE_PRICE_PER_THOUSAND_USD is 0, wanted 1.5; ' +
        `GOVERNOR_ADDRESS is ${OTHER}, wanted ${RECIPIENT}. Only the configuration differs: the token fits ` +
        `INVESTOR_ALLOCATION=0.5 ORACLE_PRICE_PER_THOUSAND_USD=0 GOVERNOR_ADDRESS=${OTHER}`,
    );
  });

  it.each([
    ['MODEL_SUPPLIER_ALLOCATION', { ...WANTED, modelSupplierAllocation: 0n }, '0', '2500000'],
    ['MODEL_SUPPLIER_RECIPIENT', { ...WANTED, modelSupplierRecipient: OTHER }, OTHER, RECIPIENT],
    ['TOKENS_PER_DELTA_ONE', withParams({ tokensPerDeltaOne: 10n ** 18n }), '1', '5000'],
    ['INFRASTRUCTURE_ACCRUAL_BPS', withParams({ infrastructureAccrualBps: 1 }), '1', '5000'],
    [
      'LICENSE_HASH',
      withParams({ licenseHash: `0x${'00'.repeat(32)}` }),
      `0x${'00'.repeat(32)}`,
      `0x${'ab'.repeat(32)}`,
    ],
    ['LICENSE_URI', withParams({ licenseURI: 'x\n' }), String.raw`"x\n"`, '"ipfs://licence"'],
  ])('name %s', (parameter, call, found, wanted) => {
    expect(termDifferences(call, REQUEST, CONFIG, false)).toEqual([{ parameter, found, wanted, isConfigurable: true }]);
  });

  it('name no fitting configuration where the message differs', () => {
    expect(described({ ...WANTED, symbol: 'X', investorAllocation: 0n })).toBe(
      'token_symbol is "X", wanted "MSG"; INVESTOR_ALLOCATION is 0, wanted 1',
    );
    expect(described(WANTED, { ...REQUEST, supplierRecipient: OTHER })).toBe(
      `model_supplier_recipient is ${RECIPIENT}, wanted ${OTHER}`,
    );
  });

  it('name the vesting that can be configured only', () => {
    const on = { enabled: true, immediateUnlockBps: 1_000, vestingDurationSeconds: 60n, cliffSeconds: 0n };
    expect(described(withVesting(on))).toContain(
      'the token fits VESTING_ENABLED=true VESTING_IMMEDIATE_UNLOCK_BPS=1000 VESTING_DURATION=60',
    );
    expect(described(withVesting({ immediateUnlockBps: 0 }))).toBe(
      'VESTING_ENABLED is false (0 bps at once, 0 s, cliff 0 s), wanted false',
    );
    const vesting = Object.assign(new TokenManagerConfig(), CONFIG, {
      vestingEnabled: true,
      vestingDurationSeconds: 60,
    });
    expect(described(WANTED, REQUEST, vesting)).toBe(
      'VESTING_ENABLED is false, wanted true (0 bps at once, 60 s, cliff 0 s). ' +
        'Only the configuration differs: the token fits VESTING_ENABLED=false',
    );
  });

  it('are those of the message alone for a transaction of the own journal', () => {
    expect(
      termDifferences({ ...withParams({ governor: OTHER }), investorAllocation: 0n }, REQUEST, CONFIG, true),
    ).toEqual([]);
    expect(termDifferences({ ...WANTED, name: 'X' }, REQUEST, CONFIG, true)).toMatchObject([
      { parameter: 'token name' },
    ]);
  });
});
