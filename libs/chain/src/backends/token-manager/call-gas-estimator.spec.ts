import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Metrics } from '#telemetry';
import { type MethodMock, MockRpcError, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';
import { JsonRpcEndpoint } from '../../rpc/transport/json-rpc-endpoint.js';
import { CallGasEstimator } from './call-gas-estimator.js';

const REQUESTS = Array.from({ length: 7 }, (_, index) => ({ to: `0x${'2'.repeat(40)}`, data: `0x0${index}` }));
const GAS = REQUESTS.map((_, index) => BigInt(100_000 + index));
const UNSUPPORTED: MethodMock = () => {
  throw new MockRpcError(-32_601, 'the method does not exist');
};

/** Gas by the last byte of the data. */
function gasOf({ data }: { readonly data: string }): string {
  return `0x${(100_000 + Number(data.slice(-1))).toString(16)}`;
}

const ESTIMATED: MethodMock = ([call]) => gasOf(call as { data: string });

type Calls = readonly { readonly data: string }[];

function simulated(change: (data: string) => object = () => ({})): MethodMock {
  return ([request]) => {
    const [{ calls }] = (request as { blockStateCalls: readonly [{ calls: Calls }] }).blockStateCalls;
    return [
      {
        calls: calls.map((call) => ({ status: '0x1', returnData: '0x', gasUsed: gasOf(call), ...change(call.data) })),
      },
    ];
  };
}

describe('CallGasEstimator', () => {
  let node: MockRpcNode;
  let estimator: CallGasEstimator;
  beforeEach(async () => {
    node = await MockRpcNode.start({ eth_simulateV1: simulated(), eth_estimateGas: ESTIMATED });
    const pool = new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], new Metrics());
    estimator = new CallGasEstimator(new ChainReader(pool));
  });
  afterEach(() => node.stop());

  const count = (method: string): number => node.calls.filter((call) => call.method === method).length;

  it('simulates five calls in one request after a successful comparison, and estimates none', async () => {
    await estimator.estimates(REQUESTS.slice(0, 1));
    node.calls.length = 0;
    expect(await estimator.estimates(REQUESTS)).toEqual(GAS);
    expect([count('eth_simulateV1'), count('eth_estimateGas')]).toEqual([2, 0]);
  });

  it('estimates what a simulation does not show to succeed, and nothing else', async () => {
    await estimator.estimates(REQUESTS.slice(0, 1));
    node.calls.length = 0;
    const failure = { status: '0x0', gasUsed: '0x1', error: { code: -32_015, message: 'out of gas' } };
    node.methods = {
      ...node.methods,
      eth_simulateV1: simulated((data) => (['0x01', '0x06'].includes(data) ? failure : {})),
    };
    expect(await estimator.estimates(REQUESTS)).toEqual(GAS);
    expect(count('eth_estimateGas')).toBe(2);
  });

  it('returns the revert of a call beside the gas of the others', async () => {
    node.methods = {
      eth_simulateV1: simulated((data) => (data === '0x03' ? { status: '0x0', returnData: '0xdead' } : {})),
      eth_estimateGas: ([call]) => {
        if ((call as { data: string }).data === '0x03') throw new MockRpcError(3, 'execution reverted', '0xdead');
        return gasOf(call as { data: string });
      },
    };
    const results = await estimator.estimates(REQUESTS);
    expect(results[3]).toMatchObject({ name: 'RpcError', data: '0xdead' });
    expect(results.filter((_, index) => index !== 3)).toEqual(GAS.filter((_, index) => index !== 3));
  });

  it.each([
    ['lacks the method', UNSUPPORTED],
    ['counts other gas', simulated(() => ({ gasUsed: '0x5208' }))],
  ])('estimates every call when the node %s, and asks for no simulation again', async (_, method) => {
    node.methods = { ...node.methods, eth_simulateV1: method };
    expect(await estimator.estimates(REQUESTS)).toEqual(GAS);
    node.calls.length = 0;
    expect(await estimator.estimates(REQUESTS)).toEqual(GAS);
    expect(count('eth_simulateV1')).toBe(0);
  });

  it('estimates every call when a later simulation is refused as a whole', async () => {
    await estimator.estimates(REQUESTS.slice(0, 1));
    node.methods = { ...node.methods, eth_simulateV1: UNSUPPORTED };
    expect(await estimator.estimates(REQUESTS)).toEqual(GAS);
  });
});
