import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registrationTopics } from '#contracts';
import { Metrics } from '#telemetry';
import { MockRpcError, type MethodMock, MockRpcNode } from '../../../../test/support/rpc/mock-rpc-node.js';
import { ChainReader } from './chain-reader.js';
import { RpcPool } from './pool/rpc-pool.js';
import { RpcError, RpcUnavailableError } from './rpc.errors.js';
import { JsonRpcEndpoint } from './transport/json-rpc-endpoint.js';

const ACCOUNT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const HASHES = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(64)}`);
const BLOCK = {
  number: '0x10',
  hash: `0x${'ab'.repeat(32)}`,
  timestamp: '0x6553f100',
  baseFeePerGas: '0x3b9aca00',
  gasLimit: '0x1c9c380',
};

function upper(hex: string): string {
  return `0x${hex.slice(2).toUpperCase()}`;
}

function receiptOf(hash: unknown, changes: object = {}): object {
  return {
    transactionHash: hash,
    blockNumber: '0x10',
    blockHash: BLOCK.hash,
    from: ACCOUNT,
    status: '0x1',
    gasUsed: '0x5208',
    effectiveGasPrice: '0x7',
    logs: [],
    ...changes,
  };
}

const answering =
  (value: unknown): MethodMock =>
  () =>
    value;
const refusing =
  (code: number, message: string): MethodMock =>
  () => {
    throw new MockRpcError(code, message);
  };

const GOOD: Readonly<Record<string, MethodMock>> = {
  eth_chainId: () => '0x7a69',
  eth_getBlockByNumber: () => BLOCK,
  eth_getTransactionReceipt: ([hash]) => receiptOf(hash),
  eth_getTransactionByHash: ([hash]) => ({
    hash,
    to: ACCOUNT,
    from: ACCOUNT,
    input: '0x',
    value: '0x0',
    gasPrice: '0x9',
  }),
  eth_getBalance: () => '0x1',
  eth_getTransactionCount: ([, tag]) => (tag === 'pending' ? '0x5' : '0x4'),
  eth_getCode: () => '0x60',
  eth_call: () => `0x${'0'.repeat(63)}1`,
  eth_simulateV1: () => [{ calls: [{ status: '0x1', returnData: '0x01', gasUsed: '0x5208' }] }],
  eth_estimateGas: () => '0x5208',
  eth_feeHistory: () => ({ reward: [['0x3'], ['0x4']] }),
  eth_gasPrice: () => '0x7',
  eth_getLogs: () => [],
};

function decode(data: string): string {
  if (data.length < 10) throw new TypeError('too short');
  return data;
}

describe('ChainReader', () => {
  let nodes: MockRpcNode[];
  let reader: ChainReader;
  let pool: RpcPool;
  const notes: string[] = [];
  beforeAll(async () => {
    nodes = await Promise.all([MockRpcNode.start(GOOD), MockRpcNode.start(GOOD)]);
  });
  beforeEach(() => {
    notes.length = 0;
    const note = (message: unknown): void => void notes.push(JSON.stringify(message));
    Logger.overrideLogger({ log: note, warn: note, error: note });
    for (const node of nodes) {
      node.methods = GOOD;
      node.reply = null;
      node.calls.length = 0;
    }
    pool = new RpcPool(
      nodes.map(({ url }, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, 5_000)),
      new Metrics(),
    );
    reader = new ChainReader(pool);
  });
  afterAll(() => Promise.all(nodes.map((node) => node.stop())));

  /** From now on the first endpoint, or both, answer this. */
  const change = (method: string, script: MethodMock, which = nodes.slice(0, 1)): void => {
    for (const node of which) node.methods = { ...GOOD, [method]: script };
  };

  it('returns the last base fee of the chain when the latest block has none', async () => {
    change('eth_getBlockByNumber', answering({ ...BLOCK, baseFeePerGas: null }), nodes);
    expect((await reader.latestBlock()).baseFeePerGas).toBeNull();
    change('eth_getBlockByNumber', answering(BLOCK), nodes);
    await reader.latestBlock();
    change('eth_getBlockByNumber', answering({ ...BLOCK, baseFeePerGas: null }), nodes);
    expect((await reader.latestBlock()).baseFeePerGas).toBe(1_000_000_000n);
  });

  it('rejects a block without gas', async () => {
    change('eth_getBlockByNumber', answering({ ...BLOCK, gasLimit: '0x0' }), nodes);
    await expect(reader.latestBlock()).rejects.toThrow(/^eth_getBlockByNumber on rpc-\d: block gas limit is 0/);
  });

  const reads: readonly (readonly [
    method: string,
    read: (reader: ChainReader) => Promise<unknown>,
    optional?: true,
  ])[] = [
    ['eth_getBlockByNumber', (chain) => chain.latestBlock()],
    ['eth_getBlockByNumber', (chain) => chain.block(16)],
    ['eth_getTransactionReceipt', (chain) => chain.receipts(HASHES)],
    ['eth_getTransactionReceipt', (chain) => chain.receipts(HASHES.slice(0, 1))],
    ['eth_getTransactionByHash', (chain) => chain.transactions(HASHES)],
    ['eth_getTransactionByHash', (chain) => chain.knows(HASHES[0] ?? '')],
    ['eth_getBalance', (chain) => chain.balance(ACCOUNT)],
    ['eth_getTransactionCount', (chain) => chain.nonces(ACCOUNT)],
    ['eth_getCode', (chain) => chain.code(ACCOUNT)],
    ['eth_call', (chain) => chain.call({ to: ACCOUNT, data: '0x' })],
    ['eth_call', (chain) => chain.calls([1, 2, 3].map(() => ({ to: ACCOUNT, data: '0x' })))],
    ['eth_simulateV1', (chain) => chain.simulate({ to: ACCOUNT, data: '0x' }, (data) => data)],
    ['eth_estimateGas', (chain) => chain.estimateGas({ to: ACCOUNT, data: '0x' })],
    ['eth_feeHistory', (chain) => chain.recentTips(2)],
    ['eth_gasPrice', (chain) => chain.gasPrice({ optional: false })],
    ['eth_getLogs', (chain) => chain.logs({ address: ACCOUNT, topics: [], fromBlock: 1, toBlock: 2 })],
  ];
  const shapes: readonly (readonly [shape: string, script: MethodMock])[] = [
    ['a word', answering('fine')],
    ['0xNaN', answering('0xNaN')],
    ['a list in a list', answering([[null]])],
    ['an empty object', answering({})],
    ['a number', answering(7)],
    ['method not found', refusing(-32601, 'the method does not exist/is not available')],
    ['internal error', refusing(-32603, 'Internal error')],
    ['an unknown error', refusing(-32099, 'the flux capacitor is empty')],
  ];
  const cells = reads.flatMap(([method, read], index) =>
    shapes
      // A node without history returns an empty list of rewards.
      .filter(([shape]) => method !== 'eth_feeHistory' || shape !== 'an empty object')
      .map(([shape, script]) => [method, index, shape, read, script] as const),
  );

  it.each(cells)(
    'requests the next endpoint when the first answers %s (%i) with %s',
    async (method, _index, _shape, read, script) => {
      const expected = await read(reader);
      change(method, script);
      expect(await read(reader)).toEqual(expected);
      expect(nodes[1]?.calls.map((call) => call.method)).toContain(method);
    },
  );

  it.each([403, 404, 405, 500, 501])(
    'requests the next endpoint when the first refuses a method with HTTP %i',
    async (status) => {
      const [first, second] = nodes;
      if (!first || !second) throw new Error('no nodes');
      first.reply = (response, calls) => {
        const [call] = calls;
        if (calls.length > 1 || call?.method !== 'eth_simulateV1')
          return void response.end(JSON.stringify({ jsonrpc: '2.0', id: call?.id, result: '0x1' }));
        response.writeHead(status, { 'content-type': 'text/plain' }).end('Forbidden');
      };
      expect(await reader.simulate({ to: ACCOUNT, data: '0x' }, (data) => data)).toEqual({
        result: '0x01',
        gasUsed: 21_000n,
      });
      // A blocked method is not a failure of the endpoint.
      expect(pool.exclusions).toEqual([]);
    },
  );

  it('counts an unreadable result as a failure of the endpoint', async () => {
    change('eth_getBalance', answering('much'));
    const single = new RpcPool([new JsonRpcEndpoint('rpc-1', nodes[0]?.url ?? '', 5_000)], new Metrics());
    for (let failure = 0; failure < 3; failure += 1)
      await expect(new ChainReader(single).balance(ACCOUNT)).rejects.toMatchObject({
        name: 'RpcUnavailable',
        failure: 'unreadable',
        message: 'eth_getBalance on rpc-1: balance is no hex quantity',
      });
    expect(single.exclusions).toMatchObject([
      { reason: 'erring', detail: 'eth_getBalance on rpc-1: balance is no hex quantity' },
    ]);
  });

  it('names method, endpoints and reasons when none returns a readable result', async () => {
    change('eth_getBalance', answering('much'));
    change('eth_getBalance', refusing(-32603, 'internal error at https://secret.example'), nodes.slice(1));
    await reader.balance(ACCOUNT).catch(() => undefined);
    change('eth_getBalance', answering(null), nodes);
    await expect(reader.balance(ACCOUNT)).rejects.toThrow(
      /^eth_getBalance on rpc-\d: balance is no hex quantity; eth_getBalance on rpc-\d: balance is no hex quantity$/,
    );
  });

  describe('receipts', () => {
    const queries = HASHES.map((hash) => ({ hash, maxFeePerGas: 11n }));

    it.each([undefined, null, '0xNaN', 'cheap', 7])(
      'uses the price of the transaction when the receipt has %s',
      async (effectiveGasPrice) => {
        change('eth_getTransactionReceipt', ([hash]) => receiptOf(hash, { effectiveGasPrice }), nodes);
        const receipts = await reader.receipts(HASHES);
        expect(receipts.map((receipt) => receipt?.gasPrice)).toEqual([9n, 9n, 9n]);
      },
    );

    it('uses the maximum fee when receipt and transaction contain no gas price', async () => {
      const script = {
        ...GOOD,
        eth_getTransactionReceipt: ([hash]: readonly unknown[]) => receiptOf(hash, { effectiveGasPrice: null }),
        eth_getTransactionByHash: answering(null),
      };
      for (const node of nodes) node.methods = script;
      expect(await reader.receiptResults(queries)).toMatchObject(HASHES.map(() => ({ gasPrice: 11n })));
      await expect(reader.receipts(HASHES)).rejects.toThrow('contain no gas price');
    });

    it('returns addresses, topics and hashes in lower case', async () => {
      const log = { address: upper(ACCOUNT), topics: [upper(BLOCK.hash)], data: '0xAB', blockNumber: '0x10' };
      const changes = { blockHash: upper(BLOCK.hash), from: upper(ACCOUNT) };
      change(
        'eth_getTransactionReceipt',
        ([hash]) => receiptOf(hash, { ...changes, logs: [{ ...log, transactionHash: upper(String(hash)) }] }),
        nodes,
      );
      const [receipt] = await reader.receipts(HASHES);
      const address = ACCOUNT.toLowerCase();
      expect(receipt).toMatchObject({ blockHash: BLOCK.hash, from: address });
      expect(receipt?.logs).toMatchObject([
        { address, topics: [BLOCK.hash], data: '0xab', transactionHash: HASHES[0] },
      ]);
    });

    it('returns an error for a status that is neither 0 nor 1', async () => {
      change('eth_getTransactionReceipt', ([hash]) => receiptOf(hash, { status: '0x2' }), nodes);
      await expect(reader.receipts(HASHES)).rejects.toThrow(/^eth_getTransactionReceipt on rpc-\d: status is neither/);
    });

    it.each([
      ['transactionHash', '0x'],
      ['transactionHash', `0x${'c'.repeat(63)}`],
      ['address', '0x1234'],
      ['topics', ['0x12']],
      ['data', '0x123'],
    ])('asks another endpoint when a log has another length of %s: %s', async (field, value) => {
      const log = { address: ACCOUNT, topics: [], data: '0x', transactionHash: HASHES[0], blockNumber: '0x10' };
      change('eth_getLogs', answering([{ ...log, [field]: value }]));
      const filter = { address: ACCOUNT, topics: [], fromBlock: 1, toBlock: 16 };
      expect(await reader.logs(filter)).toEqual([]);
    });

    it('returns an error for an event of the contracts that cannot be decoded', async () => {
      const logs = [{ address: ACCOUNT, topics: registrationTopics(), data: '0x', blockNumber: '0x10' }];
      const receipt: MethodMock = ([hash]) =>
        receiptOf(hash, { logs: logs.map((log) => ({ ...log, transactionHash: hash })) });
      change('eth_getTransactionReceipt', receipt);
      expect(await reader.receipts(HASHES)).toMatchObject(HASHES.map(() => ({ logs: [] })));
      change('eth_getTransactionReceipt', receipt, nodes);
      await expect(reader.receipts(HASHES)).rejects.toThrow(
        /^eth_getTransactionReceipt on rpc-\d: log of the contracts/,
      );
    });

    it('returns no layer 1 fee when it is unreadable', async () => {
      change('eth_getTransactionReceipt', ([hash]) => receiptOf(hash, { l1Fee: 'free' }), nodes);
      expect((await reader.receipts(HASHES))[0]?.layerOneFee).toBe(0n);
    });

    it('returns an error for an unreadable receipt, and the other receipts', async () => {
      change(
        'eth_getTransactionReceipt',
        ([hash]) =>
          hash === HASHES[1] ? receiptOf(hash, { status: 'good' }) : hash === HASHES[2] ? null : receiptOf(hash),
        nodes,
      );
      const [first, second, third] = await reader.receiptResults(queries);
      expect(first).toMatchObject({ transactionHash: HASHES[0] });
      expect(second).toBeInstanceOf(RpcUnavailableError);
      expect(third).toBeNull();
      await expect(reader.receipts(HASHES)).rejects.toThrow(
        /^eth_getTransactionReceipt on rpc-\d: status is no hex quantity$/,
      );
    });

    it.each([
      [-32603, 'internal error'],
      [-32000, 'transaction indexing is in progress'],
      [-32099, 'who knows'],
    ])('returns the error %i %s of one element instead of a missing receipt', async (code, message) => {
      change(
        'eth_getTransactionReceipt',
        ([hash]) => (hash === HASHES[1] ? refusing(code, message)([]) : receiptOf(hash)),
        nodes,
      );
      const results = await reader.receiptResults(queries);
      expect(results[0]).toMatchObject({ transactionHash: HASHES[0] });
      expect(results[1]).toBeInstanceOf(RpcError);
    });

    it('combines the receipts of several endpoints', async () => {
      change('eth_getTransactionReceipt', ([hash]) => (hash === HASHES[0] ? 'broken' : receiptOf(hash)));
      change(
        'eth_getTransactionReceipt',
        ([hash]) => (hash === HASHES[1] ? 'broken' : receiptOf(hash)),
        nodes.slice(1),
      );
      const results = await reader.receiptResults(queries);
      expect(results).toMatchObject(HASHES.map((transactionHash) => ({ transactionHash })));
    });

    it('rejects the receipt of another transaction', async () => {
      change('eth_getTransactionReceipt', () => receiptOf(HASHES[2]), nodes);
      await expect(reader.receipts(HASHES.slice(0, 1))).rejects.toThrow('the receipt is of another transaction');
    });
  });

  describe('nonces', () => {
    it('include pending transactions', async () => {
      expect(await reader.nonces(ACCOUNT)).toEqual({ latest: 4, pending: 5 });
      expect(notes).toEqual([]);
    });

    it.each<[answer: string, script: MethodMock]>([
      ['an error', refusing(-32000, 'pending state is not available')],
      ['an error about the tag', refusing(-32602, 'unsupported block tag: pending')],
      ['null', answering(null)],
      ['fewer', answering('0x0')],
      ['what cannot be read', answering('0xNaN')],
    ])(
      'exclude pending transactions when the answer to `pending` is %s, which is logged once',
      async (_answer, script) => {
        change('eth_getTransactionCount', (params) => (params[1] === 'pending' ? script(params) : '0x4'), nodes);
        for (let look = 0; look < 5; look += 1) expect(await reader.nonces(ACCOUNT)).toEqual({ latest: 4, pending: 4 });
        const said = notes.filter((note) => note.includes('RPC counts no pending transactions'));
        expect(said).toHaveLength(1);
      },
    );
  });

  describe('views', () => {
    const requests = [1, 2, 3].map((data) => ({ to: ACCOUNT, data: `0x0${data}` }));

    it('are null for a call that reverts', async () => {
      change('eth_call', () => refusing(3, 'execution reverted')([]), nodes);
      expect(await reader.views(requests, decode)).toEqual([null, null, null]);
    });

    it('throw an error of the node instead of returning null', async () => {
      change('eth_call', refusing(-32603, 'internal error'), nodes);
      await expect(reader.views(requests, decode)).rejects.toBeInstanceOf(RpcError);
    });

    it('count return data of another shape as unreadable', async () => {
      change('eth_call', answering('0x'));
      expect(await reader.views(requests, decode)).toHaveLength(3);
      change('eth_call', answering('0x'), nodes);
      await expect(reader.views(requests, decode)).rejects.toThrow(/^eth_call on rpc-\d: the result has another shape/);
      // A past block may not have the contract yet.
      expect(await reader.views(requests, decode, 3)).toEqual([null, null, null]);
    });
  });

  it.each<[shape: string, answer: unknown, tips: readonly bigint[]]>([
    ['no rewards', {}, []],
    ['null for the rewards', { reward: null }, []],
    ['empty rewards', { reward: [[], []] }, []],
    ['null rewards', { reward: [[null]] }, []],
    ['null', null, []],
  ])('returns no recent tips when every fee history has %s', async (_shape, answer, tips) => {
    change('eth_feeHistory', answering(answer), nodes);
    expect(await reader.recentTips(2)).toEqual(tips);
  });
});
