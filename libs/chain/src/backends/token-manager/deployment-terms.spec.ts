import { TokenManagerConfig } from '#config';
import { describe, expect, it } from 'vitest';
import { toTokenManagerDeployment } from './deployment-terms.js';

const ADDRESS = `0x${'11'.repeat(20)}`;

const REQUEST = { record: { modelId: '1', tokenSymbol: 'MSG' }, supplierRecipient: null };

function vestingOf(changes: Partial<TokenManagerConfig>) {
  const config = Object.assign(new TokenManagerConfig(), {
    modelSupplierRecipient: ADDRESS,
    governor: ADDRESS,
    vestingEnabled: false,
    vestingImmediateUnlockBps: 0,
    vestingDurationSeconds: 0,
    vestingCliffSeconds: 0,
    ...changes,
  });
  return toTokenManagerDeployment(REQUEST, config).initialParams.vestingConfig;
}

describe('toTokenManagerDeployment', () => {
  it('sends vesting that is off as off, because all zero means the defaults of the contract', () => {
    const off = { enabled: false, immediateUnlockBps: 10_000, vestingDurationSeconds: 0n, cliffSeconds: 0n };
    expect(vestingOf({})).toEqual(off);
    expect(vestingOf({ vestingImmediateUnlockBps: 500, vestingDurationSeconds: 60, vestingCliffSeconds: 30 })).toEqual(
      off,
    );
  });

  it('sends the configured vesting when it is on', () => {
    expect(vestingOf({ vestingEnabled: true, vestingImmediateUnlockBps: 500, vestingDurationSeconds: 60 })).toEqual({
      enabled: true,
      immediateUnlockBps: 500,
      vestingDurationSeconds: 60n,
      cliffSeconds: 0n,
    });
  });
});
