import { describe, expect, it } from 'vitest';
import { TokenManagerConfig } from '#config';
import { HoldError } from '#core';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { TokenManagerCalls } from './token-manager-calls.js';

const ADDRESS = `0x${'11'.repeat(20)}`;
const config = Object.assign(new TokenManagerConfig(), {
  managerAddress: ADDRESS,
  registryAddress: ADDRESS,
  modelSupplierRecipient: ADDRESS,
  governor: ADDRESS,
  modelSupplierAllocation: 1n,
  investorAllocation: 1n,
  tokensPerDeltaOne: 1n,
  infrastructureAccrualBps: 1_000,
  oraclePricePerThousandUsd: 0n,
  licenseHash: `0x${'22'.repeat(32)}`,
  licenseUri: 'u',
  vestingEnabled: false,
  vestingImmediateUnlockBps: 0,
  vestingDurationSeconds: 0,
  vestingCliffSeconds: 0,
});

/** The outcome of one deployment for which a node answers this. */
async function outcome(answer: bigint | RpcError, gasLimit = 16_777_216n) {
  const reader = { simulate: unsupported, estimateGas: unsupported, estimates: () => Promise.resolve([answer]) };
  const calls = new TokenManagerCalls(reader as unknown as ChainReader, config);
  const limits = { gasLimit, batchGas: gasLimit, gasMarginPercent: 5n, transactions: 1 };
  return (await calls.simulate([calls.deployCall(aDeploymentJob('21'), ADDRESS, 7n)], limits))[0];
}
const error = (message: string, data: string | null = null, code = -32_000) =>
  new RpcError('eth_estimateGas', code, message, data);

const unsupported = () => Promise.reject(error('the method does not exist', null, -32_601));

describe('TokenManagerCalls.simulate', () => {
  it('adds the margin to the estimate up to the gas limit', async () => {
    expect(await outcome(4_000_000n)).toMatchObject({ kind: 'deploy', gasLimit: 4_200_000n, value: 7n });
    expect(await outcome(4_000_000n, 4_100_000n)).toMatchObject({ gasLimit: 4_100_000n });
    expect(await outcome(4_000_000n, 3_999_999n)).toBeInstanceOf(HoldError);
  });

  it.each([
    ['insufficient funds for gas * price + value', 'insufficient_funds'],
    ['Insufficient funds for transfer', 'insufficient_funds'],
    ['the method eth_estimateGas does not exist', 'rpc_unavailable'],
  ])('returns a hold when the node returns "%s"', async (message, reason) => {
    expect(await outcome(error(message))).toMatchObject({ name: 'HoldError', reason });
  });

  it('describes unknown revert data by its selector only', async () => {
    const quoted = error('execution reverted: custom error 0xdeadbeef: \0\0', `0xdeadbeef${'00'.repeat(64)}`, 3);
    expect(await outcome(quoted)).toEqual({ kind: 'other', text: 'unknown error 0xdeadbeef' });
    expect(await outcome(error('execution reverted', '0x', 3))).toEqual({ kind: 'other', text: 'no reason given' });
    expect(await outcome(error('execution reverted', null, 3))).toEqual({ kind: 'other', text: 'no reason given' });
  });
});
