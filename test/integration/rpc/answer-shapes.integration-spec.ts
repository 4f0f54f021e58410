import { describe, expect, it } from 'vitest';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import type { RpcFault, RpcMethodCall } from '../../support/rpc/rpc-fault.js';
import { until } from '../../support/until.js';
import { RpcPoolFixture } from './rpc-pool.fixture.js';

/** `npm test` plays every tenth shape at each method, from one that PROPERTY_SEED chooses; ANSWER_SHAPES=full plays all. */
const EVERY = process.env['ANSWER_SHAPES'] === 'full' ? 1 : 10;
const FIRST = Number(process.env['PROPERTY_SEED']) % EVERY;

/** A hold must name what is wrong within this time. */
const NAMED_WITHIN_MS = 60_000;

const SHAPES: Readonly<Record<string, RpcFault>> = {
  null: { result: null },
  'a word': { result: 'fine' },
  'an empty word': { result: '' },
  'a number': { result: 42 },
  true: { result: true },
  '0xNaN': { result: '0xNaN' },
  '0x': { result: '0x' },
  'an empty object': { result: {} },
  'an empty list': { result: [] },
  'a list of a list': { result: [[]] },
  'a list of a list of null': { result: [[null]] },
  'an object of 5 MiB': { result: { padding: 'x'.repeat(5 * 1024 * 1024) } },
  'method not found': { code: -32601, message: 'the method does not exist/is not available' },
  'internal error': { code: -32603, message: 'Internal error' },
  'invalid parameters': { code: -32602, message: 'invalid argument 0: hex string has no 0x prefix' },
  'an unknown error': { code: -32099, message: 'the flux capacitor is empty' },
  'a limit': { code: -32005, message: 'daily request count exceeded, request rate limited' },
  'HTTP 401': 401,
  'HTTP 403': 403,
  'HTTP 405': 405,
  'HTTP 429': 429,
  'HTTP 500': 500,
  'nothing under HTTP 200': { body: '' },
  'HTML under HTTP 200': { body: '<html>maintenance</html>' },
  'null as the whole answer': { body: 'null' },
  'a list of nothing': { body: '[]' },
  'a list of one error': { body: '[{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"not now"}}]' },
  'neither result nor error': { body: '{"jsonrpc":"2.0","id":1}' },
  'an error in words': { body: '{"jsonrpc":"2.0","id":1,"error":"not now"}' },
  'no answer': 'hang',
  'a broken connection': 'drop-request',
};

/** What the service asks while it works, with the calls that must fail before it asks. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  eth_getBlockByNumber: [],
  eth_getTransactionReceipt: [],
  eth_getTransactionByHash: [],
  eth_getTransactionCount: [],
  eth_getBalance: [],
  eth_getCode: [],
  eth_call: ['eth_simulateV1'],
  eth_simulateV1: [],
  eth_estimateGas: ['eth_simulateV1'],
  eth_feeHistory: [],
  eth_maxPriorityFeePerGas: [],
  eth_gasPrice: ['eth_feeHistory', 'eth_maxPriorityFeePerGas'],
  eth_sendRawTransaction: [],
};

/** Fields of results, each of which is missing, null and unreadable once. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  eth_getBlockByNumber: ['number', 'hash', 'timestamp', 'baseFeePerGas', 'gasLimit', 'parentHash'],
  eth_getTransactionReceipt: [
    'transactionHash',
    'blockNumber',
    'blockHash',
    'from',
    'status',
    'gasUsed',
    'effectiveGasPrice',
    'logs',
  ],
  eth_feeHistory: ['reward', 'baseFeePerGas', 'gasUsedRatio', 'oldestBlock'],
};

const DAMAGES: Readonly<Record<string, (fields: Record<string, unknown>, name: string) => Record<string, unknown>>> = {
  missing: (fields, name) => Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name)),
  'null as': (fields, name) => ({ ...fields, [name]: null }),
  '0xNaN as': (fields, name) => ({ ...fields, [name]: '0xNaN' }),
};

function casesOf(method: string): readonly (readonly [string, RpcFault])[] {
  const damaged = (FIELDS[method] ?? []).flatMap((field) =>
    Object.entries(DAMAGES).map(([word, damage]): readonly [string, RpcFault] => [
      `a result ${word} ${field}`,
      { altered: (result) => (result === null ? null : damage(result as Record<string, unknown>, field)) },
    ]),
  );
  return [...Object.entries(SHAPES), ...damaged].filter((_, index) => index % EVERY === FIRST);
}

/** The detail of the hold that names method and endpoint; null while there is none. */
function namedHold(replica: ChainReplica, method: string): string | null {
  const details = replica.holds.cluster.map(({ detail }) => detail);
  return details.find((detail) => detail.includes(method) && detail.includes('rpc-1')) ?? null;
}

/** Plays one shape at one method. Returns what is wrong, or null. */
async function play(
  { fixture, replica, refused }: { fixture: RpcPoolFixture; replica: ChainReplica; refused: readonly string[] },
  method: string,
  [shape, fault]: readonly [string, RpcFault],
): Promise<string | null> {
  const modelId = `${method}: ${shape}`;
  // Only a transaction that waits in the pool is asked about by its hash.
  const waits = method === 'eth_getTransactionByHash';
  const asked = fixture.first.count(method);
  if (waits) await fixture.chain.setAutomine(false);
  fixture.first.setRule((call: RpcMethodCall): RpcFault => {
    if (call.method === method) return fault;
    return refused.includes(call.method) ? { code: -32601, message: 'the method does not exist' } : 'forward';
  });
  const kind = (): string | undefined => replica.results.of(modelId)?.kind;
  try {
    await replica.submit(modelId);
    // A method that is unsupported is not asked again for a while.
    await until('the question', () => fixture.first.count(method) > asked || kind());
    if (waits) await fixture.chain.setAutomine(true);
    await until('a token or a hold', () => kind() ?? namedHold(replica, method), {
      timeoutMs: NAMED_WITHIN_MS,
      saw: () => replica.holds.cluster,
    });
    fixture.first.reset();
    await until('the token', kind);
    await until('the end of every hold', () => replica.holds.cluster.length === 0, {
      saw: () => replica.holds.cluster,
    });
    const deployments = (await fixture.chain.tokens.find(modelId))?.deployments;
    return kind() === 'deployed' && deployments === 1 ? null : `${modelId}: ${kind()}, ${deployments} deployments`;
  } catch (error) {
    return `${modelId}: ${String(error)}`;
  } finally {
    fixture.first.reset();
    if (waits) await fixture.chain.setAutomine(true);
  }
}

describe('A replica with one endpoint works on, or names method, endpoint and reason', () => {
  it.concurrent.each(Object.entries(METHODS))('%s', { timeout: 900_000 }, async (method, refused) => {
    const fixture = await RpcPoolFixture.start();
    try {
      const replica = await fixture.startWithOne({ RPC_PROBE_INTERVAL: '0.5', RPC_TIMEOUT: '1', REPLACE_AFTER: '1' });
      const failures: string[] = [];
      for (const each of casesOf(method)) {
        const failure = await play({ fixture, replica, refused }, method, each);
        if (failure !== null) failures.push(failure);
      }
      expect(failures.join('\n')).toBe('');
    } finally {
      await fixture.stop();
    }
  });
});
