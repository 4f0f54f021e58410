import { id } from 'ethers';
import { describe, expect, it } from 'vitest';
import { FactoryConfig } from '#config';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { BatchSimulator } from './batch-simulator.js';
import type { CallSimulator } from './call-simulator.js';

const ADDRESS = `0x${'11'.repeat(20)}`;
const config = Object.assign(new FactoryConfig(), { factoryAddress: ADDRESS });

/** What becomes of one job when a node answers this to its simulated deployment. */
async function outcome(message: string, data: string | null, code: number) {
  const simulate = () => Promise.reject(new RpcError('eth_call', code, message, data));
  const simulation = new BatchSimulator({ simulate } as unknown as CallSimulator, {} as ChainReader, config);
  const jobs = [aDeploymentJob('m')];
  return (await simulation.simulate(jobs, simulation.buildCall(jobs, ADDRESS))).failed[0]?.error;
}

describe('BatchSimulator', () => {
  it('describes a revert of the factory without quoting the node', async () => {
    const data = id('UnknownFunction()').slice(0, 10);
    expect(await outcome('execution reverted: \0 words of its own', data, 3)).toBe('reverts with UnknownFunction');
  });

  it.each([
    ['an error that it does not have', `0xdeadbeef${'00'.repeat(64)}`],
    ['no data', '0x'],
    ['no data at all', null],
  ])('throws a hold for a revert with %s: the code of the factory contains none', async (_what, data) => {
    await expect(outcome('execution reverted', data, 3)).rejects.toMatchObject({
      name: 'HoldError',
      reason: 'rpc_unavailable',
      message: 'eth_call: error 3 "execution reverted"',
    });
  });

  it('throws a hold when the node does not simulate', async () => {
    await expect(outcome('the method eth_call does not exist', null, -32_601)).rejects.toMatchObject({
      name: 'HoldError',
      reason: 'rpc_unavailable',
      message: 'eth_call: error -32601 "the method eth_call does not exist"',
    });
  });
});
