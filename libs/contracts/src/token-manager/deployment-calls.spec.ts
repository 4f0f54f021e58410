import { id } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeTokenManagerDeployment,
  encodeTokenManagerDeployment,
  type TokenManagerDeployment,
} from './deployment-calls.js';

/** Of the interface that is live on mainnet. */
const SIGNATURE =
  'deployTokenWithAllocations(string,string,string,uint256,address,uint256,' +
  '(uint256,uint16,uint256,bytes32,string,address,(bool,uint16,uint64,uint64)))';
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

const amount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const bps = fc.integer({ min: 0, max: 65_535 });
const seconds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const text = fc.string({ unit: 'grapheme' });
const deployments: fc.Arbitrary<TokenManagerDeployment> = fc.record({
  modelId: text,
  name: text,
  symbol: text,
  modelSupplierAllocation: amount,
  modelSupplierRecipient: fc.constant(RECIPIENT),
  investorAllocation: amount,
  initialParams: fc.record({
    tokensPerDeltaOne: amount,
    infrastructureAccrualBps: bps,
    initialOraclePricePerThousandUsd: amount,
    licenseHash: fc.constant(id('licence')),
    licenseURI: text,
    governor: fc.constant(RECIPIENT),
    vestingConfig: fc.record({
      enabled: fc.boolean(),
      immediateUnlockBps: bps,
      vestingDurationSeconds: seconds,
      cliffSeconds: seconds,
    }),
  }),
});

describe('encodeTokenManagerDeployment', () => {
  it('round-trips under the selector of the live contract', () => {
    fc.assert(
      fc.property(deployments, (deployment) => {
        const data = encodeTokenManagerDeployment(deployment);
        expect(data.slice(0, 10)).toBe(id(SIGNATURE).slice(0, 10));
        expect(decodeTokenManagerDeployment(data)).toEqual(deployment);
      }),
    );
  });

  it.each(['0x', '0x12345678', `${id(SIGNATURE).slice(0, 10)}00`, 'no hex'])('returns null for %s', (data) => {
    expect(decodeTokenManagerDeployment(data)).toBeNull();
  });
});
