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
  it.each([
    ['an error that it knows', id('UnknownFunction()').slice(0, 10), 'reverts with UnknownFunction'],
    ['an error that it does not know', `0xdeadbeef${'00'.repeat(64)}`, 'reverts with unknown error 0xdeadbeef'],
    ['no data', '0x', 'reverts with no reason given'],
    ['no data at all', null, 'reverts with no reason given'],
  ])('describes a revert with %s without quoting the node', async (_what, data, text) => {
    expect(await outcome('execution reverted: \0 words of its own', data, 3)).toBe(text);
  });

  it('throws a hold when the node does not simulate', async () => {
    await expect(outcome('the method eth_call does not exist', null, -32_601)).rejects.toMatchObject({
      name: 'HoldError',
      reason: 'rpc_unavailable',
      message: 'eth_call: error -32601 "the method eth_call does not exist"',
    });
  });
});
