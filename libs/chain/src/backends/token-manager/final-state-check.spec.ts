import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainConfig, TokenManagerConfig } from '#config';
import { HoldRegistry } from '#core';
import { Metrics } from '#telemetry';
import { MockRpcError, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../../rpc/transport/json-rpc-endpoint.js';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';
import { FinalStateCheck } from './final-state-check.js';

const MANAGER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const NEWEST = 1_000;
const FINALIZED = 936;

function block(number: number): object {
  const hash = `0x${number.toString(16).padStart(64, '0')}`;
  return { number: `0x${number.toString(16)}`, hash, timestamp: '0x1', baseFeePerGas: '0x1', gasLimit: '0x3938700' };
}

describe('FinalStateCheck', () => {
  let node: MockRpcNode;
  let kept: (number: number) => unknown;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    kept = () => '0x';
    node = await MockRpcNode.start({
      eth_getBlockByNumber: ([tag]) => block(tag === 'finalized' ? FINALIZED : NEWEST),
      eth_call: ([, tag]) => kept(Number(tag)),
    });
  });
  afterEach(() => node.stop());

  const required = async (confirmations: ChainConfig['confirmations']): Promise<void> => {
    const metrics = new Metrics();
    const reader = new ChainReader(new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], metrics));
    const head = new ChainHead(
      reader,
      Object.assign(new ChainConfig(), { confirmations }),
      new HoldRegistry(),
      metrics,
    );
    await new FinalStateCheck(reader, head, Object.assign(new TokenManagerConfig(), { managerAddress: MANAGER })).run();
  };

  it.each([
    ['missing trie node 1a2b (path )', -32000],
    ['historical state 1a2b is not available', -32000],
    ['No state available for block 989', -32002],
  ])('rejects a node that returns: %s', async (message, code) => {
    kept = (number) => {
      if (number < NEWEST - 5) throw new MockRpcError(code, message);
      return '0x';
    };
    await expect(required(6)).resolves.toBeUndefined();
    await expect(required(12)).rejects.toThrow(
      'CONFIRMATIONS: the node does not keep the state of the final block 989, 11 behind the latest: ' +
        'ask for fewer confirmations, or use a node that keeps the state of more blocks',
    );
    await expect(required('finalized')).rejects.toThrow('the final block 936, 64 behind the latest');
  });

  it('sends no request while no block is final', async () => {
    await required(NEWEST + 2);
    expect(node.calls.map(({ method }) => method)).toEqual(['eth_getBlockByNumber']);
  });

  it('rethrows other errors', async () => {
    kept = () => {
      throw new MockRpcError(-32603, 'Internal error');
    };
    await expect(required(12)).rejects.toMatchObject({ name: 'RpcError', message: 'Internal error' });
  });
});
