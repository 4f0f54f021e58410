import { AbiCoder, concat, id, ZeroHash } from 'ethers';
import { describe, expect, it } from 'vitest';
import { decodeContractRevert } from './decode-revert.js';

const ACCOUNT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

function custom(signature: string, ...values: readonly unknown[]): string {
  const types = signature
    .slice(signature.indexOf('(') + 1, -1)
    .split(',')
    .filter(Boolean);
  return concat([id(signature).slice(0, 10), AbiCoder.defaultAbiCoder().encode(types, values)]);
}

const said = (text: string): string => custom('Error(string)', text);

describe('decodeContractRevert', () => {
  it.each([
    [said('Token already deployed for this model'), 'token-exists'],
    [said('Model already registered'), 'registered'],
    [said('Token already registered'), 'registered-under-other-model'],
    [said('Insufficient deployment fee'), 'fee-too-low'],
    [said('Ownable: caller is not the owner'), 'not-owner'],
    [custom('OwnableUnauthorizedAccount(address)', ACCOUNT), 'not-owner'],
    [said('infrastructureAccrualBps must be between 1000 and 10000'), 'other'],
    [said('the token said: Model already registered'), 'other'],
    [custom('AccessControlUnauthorizedAccount(address,bytes32)', ACCOUNT, ZeroHash), 'other'],
    [custom('Panic(uint256)', 17n), 'other'],
  ])('classifies %s', (data, kind) => {
    expect(decodeContractRevert(data)?.kind).toBe(kind);
  });

  it("returns the contract's message, or the custom error with its arguments", () => {
    const words = 'tokensPerDeltaOne must be between 100 and 10000000 whole tokens (wei-scaled)';
    expect(decodeContractRevert(said(words))?.text).toBe(words);
    expect(decodeContractRevert(custom('EmptyString(string)', 'token symbol'))?.text).toBe('EmptyString(token symbol)');
    expect(decodeContractRevert(custom('ReentrancyGuardReentrantCall()'))?.text).toBe('ReentrancyGuardReentrantCall()');
  });

  it.each(['0x', '0xdeadbeef', said('cut').slice(0, 74), 'no hex'])('returns null for %s', (data) => {
    expect(decodeContractRevert(data)).toBeNull();
  });
});
