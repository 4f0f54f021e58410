import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '#telemetry';
import { MockRpcError, type MethodMock, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../../rpc/transport/json-rpc-endpoint.js';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';
import { CallSimulator } from './call-simulator.js';

const asIs = (returnData: string): string => returnData;

const CALL = { from: `0x${'1'.repeat(40)}`, to: `0x${'2'.repeat(40)}`, data: '0x1234' };

const simulated =
  (call: object): MethodMock =>
  () => [{ number: '0x1', calls: [{ logs: [], ...call }] }];
const works = simulated({ status: '0x1', returnData: '0xabcd', gasUsed: '0x2710' });
const refused: MethodMock = () => {
  throw new MockRpcError(3, 'no', '0xdead');
};
const refuses: MethodMock = () => {
  throw new MockRpcError(-32601, 'the method does not exist');
};

describe('CallSimulator', () => {
  let node: MockRpcNode;
  let simulation: CallSimulator;
  beforeEach(async () => {
    node = await MockRpcNode.start({
      eth_simulateV1: works,
      eth_estimateGas: () => '0x2710',
      eth_call: () => '0xabcd',
    });
    const pool = new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], new Metrics());
    simulation = new CallSimulator(new ChainReader(pool));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await node.stop();
  });

  const methods = (): readonly string[] => node.calls.map(({ method }) => method);
  const answer = (method: string, script: MethodMock): void => {
    node.methods = { ...node.methods, [method]: script };
  };

  it('sends one request for call and gas after a successful comparison', async () => {
    await simulation.simulate(CALL, asIs);
    node.calls.length = 0;
    expect(await simulation.simulate(CALL, asIs)).toEqual({ result: '0xabcd', gas: 10_000n });
    expect(methods()).toEqual(['eth_simulateV1']);
    expect(node.calls[0]?.params).toEqual([{ blockStateCalls: [{ calls: [{ ...CALL }] }] }, 'latest']);
  });

  it.each([
    ['more', '0x27dd'],
    ['less', '0x2647'],
  ])('estimates the gas when the estimate is %s', async (_, estimate) => {
    answer('eth_estimateGas', () => estimate);
    expect(await simulation.simulate(CALL, asIs)).toEqual({ result: '0xabcd', gas: null });
  });

  it('accepts gas within the precision of an estimate', async () => {
    answer('eth_estimateGas', () => '0x27dc');
    expect(await simulation.simulate(CALL, asIs)).toEqual({ result: '0xabcd', gas: 10_000n });
  });

  it('uses eth_call while the node lacks the method, without probing each time', async () => {
    answer('eth_simulateV1', refuses);
    expect(await simulation.simulate(CALL, asIs)).toEqual({ result: '0xabcd', gas: null });
    node.calls.length = 0;
    await simulation.simulate(CALL, asIs);
    expect(methods()).toEqual(['eth_call']);
  });

  it('uses eth_call when a failover node lacks the method', async () => {
    await simulation.simulate(CALL, asIs);
    answer('eth_simulateV1', refuses);
    expect(await simulation.simulate(CALL, asIs)).toEqual({ result: '0xabcd', gas: null });
  });

  it('repeats the comparison after ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await simulation.simulate(CALL, asIs);
    answer('eth_estimateGas', () => '0x4e20');
    expect(await simulation.simulate(CALL, asIs)).toMatchObject({ gas: 10_000n });
    vi.advanceTimersByTime(600_000);
    expect(await simulation.simulate(CALL, asIs)).toMatchObject({ gas: null });
  });

  it('throws revert data and keeps the comparison open', async () => {
    const reverts = simulated({
      status: '0x0',
      returnData: '0xdead',
      gasUsed: '0x1',
      error: { code: 3, message: 'no' },
    });
    answer('eth_simulateV1', reverts);
    answer('eth_estimateGas', refused);
    answer('eth_call', refused);
    await expect(simulation.simulate(CALL, asIs)).rejects.toMatchObject({ name: 'RpcError', data: '0xdead' });
    node.methods = { ...node.methods, eth_simulateV1: works, eth_estimateGas: () => '0x2710' };
    await simulation.simulate(CALL, asIs);
    answer('eth_simulateV1', reverts);
    await expect(simulation.simulate(CALL, asIs)).rejects.toMatchObject({
      name: 'RpcError',
      data: '0xdead',
      message: 'no',
    });
  });
});
