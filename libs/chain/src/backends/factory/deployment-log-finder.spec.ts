import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FactoryConfig } from '#config';
import { deployedTopics } from '#contracts';
import { Metrics } from '#telemetry';
import { MockRpcError, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../../rpc/transport/json-rpc-endpoint.js';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';
import { DeploymentLogFinder } from './deployment-log-finder.js';

const FACTORY = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const HASH = `0x${'ab'.repeat(32)}`;

interface Filter {
  readonly address: string;
  readonly topics: readonly unknown[];
  readonly fromBlock: string;
  readonly toBlock: string;
}

describe('DeploymentLogFinder', () => {
  let node: MockRpcNode;
  let logs: DeploymentLogFinder;
  beforeEach(async () => {
    node = await MockRpcNode.start();
    const pool = new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], new Metrics());
    const config = Object.assign(new FactoryConfig(), { factoryAddress: FACTORY, factoryDeployedAtBlock: 100 });
    logs = new DeploymentLogFinder(new ChainReader(pool), config);
  });
  afterEach(() => node.stop());

  /** A node that serves so many blocks at a time, and has the one event in one block. */
  const chainWith = (eventBlock: number, widestRange: number, refusal: MockRpcError): void => {
    node.methods = {
      eth_getLogs: ([filter]) => {
        const { fromBlock, toBlock } = filter as Filter;
        if (Number(toBlock) - Number(fromBlock) >= widestRange) throw refusal;
        if (Number(fromBlock) > eventBlock || Number(toBlock) < eventBlock) return [];
        const blockNumber = `0x${eventBlock.toString(16)}`;
        return [{ address: FACTORY, topics: [HASH], data: '0x', transactionHash: HASH, blockNumber }];
      },
    };
  };
  const ranges = () =>
    node.calls.map(({ params }) => {
      const { fromBlock, toBlock } = params[0] as Filter;
      return [Number(fromBlock), Number(toBlock)];
    });

  it('requests the whole range since the deployment block once', async () => {
    chainWith(500, Infinity, new MockRpcError(0, ''));
    expect(await logs.find('model-1', 9_000)).toMatchObject({ transactionHash: HASH, blockNumber: 500 });
    expect(node.calls).toHaveLength(1);
    expect(node.calls[0]?.params[0]).toEqual({
      address: FACTORY,
      topics: deployedTopics('model-1'),
      fromBlock: '0x64',
      toBlock: '0x2328',
    });
  });

  it.each([
    ['a provider', -32602, 'Log response size exceeded. Try with this block range [0x1, 0x2]'],
    ['besu', -32005, 'Requested range exceeds maximum RPC range limit'],
    ['infura', -32005, 'query returned more than 10000 results'],
  ])('halves the range until %s accepts it, latest blocks first', async (_who, code, message) => {
    chainWith(17_000, 5_000, new MockRpcError(code, message));
    expect(await logs.find('model-1', 20_099)).toMatchObject({ blockNumber: 17_000 });
    expect(ranges()).toEqual([
      [100, 20_099],
      [10_100, 20_099],
      [15_100, 20_099],
    ]);
  });

  it('searches back to the deployment block', async () => {
    chainWith(100, 5_000, new MockRpcError(-32602, 'block range too wide'));
    expect(await logs.find('model-1', 20_099)).toMatchObject({ blockNumber: 100 });
  });

  it('requests every block exactly once', async () => {
    chainWith(100, 3_000, new MockRpcError(-32602, 'block range too wide'));
    await logs.find('model-1', 20_099);
    const served = ranges()
      .filter(([from = 0, to = 0]) => to - from < 3_000)
      .toSorted(([a = 0], [b = 0]) => a - b);
    expect(served[0]?.[0]).toBe(100);
    expect(served.at(-1)?.[1]).toBe(20_099);
    const ends = served.map(([, to = 0]) => to + 1);
    expect(served.slice(1).map(([from]) => from)).toEqual(ends.slice(0, -1));
  });

  it('stops halving at one block', async () => {
    chainWith(500, 0, new MockRpcError(-32000, 'logs are disabled'));
    await expect(logs.find('model-1', 1_000_000)).rejects.toBeInstanceOf(RpcError);
    expect(node.calls.length).toBeLessThan(15);
  });

  it('throws when the node has no event', async () => {
    chainWith(5, Infinity, new MockRpcError(0, ''));
    await expect(logs.find('model-1', 9_000)).rejects.toBeInstanceOf(RpcUnavailableError);
    node.failAll();
    await expect(logs.find('model-1', 9_000)).rejects.toBeInstanceOf(RpcUnavailableError);
  });
});
