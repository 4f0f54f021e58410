import { describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import type { ReplicaHarness } from '../../support/chain/replica-harness.js';
import { TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import type { RpcFault, RpcMethodCall } from '../../support/rpc/rpc-fault.js';
import { until } from '../../support/until.js';

/**
 * `npm test` plays every tenth shape at each method with the factory, and six with the TokenManager, from one that
 * PROPERTY_SEED chooses; ANSWER_SHAPES=full plays all.
 */
const IS_FULL = process.env['ANSWER_SHAPES'] === 'full';

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
  eth_getLogs: [],
};

/** What the service asks only at the start or while an endpoint is excluded, or never waits for. */
const OTHER_METHODS: readonly string[] = ['eth_chainId', 'web3_clientVersion'];

/** Fields of results, each of which is missing, null and unreadable once; those of a list in each of its elements. */
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
    'logs.address',
    'logs.topics',
    'logs.data',
    'logs.transactionHash',
    'logs.blockNumber',
  ],
  eth_getTransactionByHash: ['hash', 'from', 'to', 'input', 'value', 'nonce', 'gasPrice'],
  eth_simulateV1: ['calls', 'calls.status', 'calls.returnData', 'calls.gasUsed'],
  eth_feeHistory: ['reward', 'baseFeePerGas', 'gasUsedRatio', 'oldestBlock'],
  eth_getLogs: ['address', 'topics', 'data', 'transactionHash', 'blockNumber'],
};

type Damage = (fields: Record<string, unknown>, name: string) => Record<string, unknown>;

const DAMAGES: Readonly<Record<string, Damage>> = {
  missing: (fields, name) => Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name)),
  'null as': (fields, name) => ({ ...fields, [name]: null }),
  '0xNaN as': (fields, name) => ({ ...fields, [name]: '0xNaN' }),
  '0x as': (fields, name) => ({ ...fields, [name]: '0x' }),
};

/** Damages a field, in every element where the way to it leads through a list. */
function damaged(value: unknown, [name = '', ...rest]: readonly string[], damage: Damage): unknown {
  if (Array.isArray(value)) return value.map((each) => damaged(each, [name, ...rest], damage));
  if (typeof value !== 'object' || value === null) return value;
  const fields = { ...value } as Record<string, unknown>;
  return rest.length === 0 ? damage(fields, name) : { ...fields, [name]: damaged(fields[name], rest, damage) };
}

interface Case {
  readonly method: string;
  readonly shape: string;
  readonly fault: RpcFault;
  /** Transactions of the model that are sent before the fault begins. */
  readonly afterSends: number;
}

/** Every shape at a method. */
function casesOf(method: string, afterSends = 0): readonly Case[] {
  const fields = (FIELDS[method] ?? []).flatMap((field) =>
    Object.entries(DAMAGES).map(([word, damage]): readonly [string, RpcFault] => [
      `a result ${word} ${field}`,
      { altered: (result) => damaged(result, field.split('.'), damage) },
    ]),
  );
  return [...Object.entries(SHAPES), ...fields].map(([shape, fault]) => ({ method, shape, fault, afterSends }));
}

/** One of `stride` cases, from one that PROPERTY_SEED chooses; all of them in the full matrix. */
function sampled(cases: readonly Case[], stride: number): readonly Case[] {
  if (IS_FULL) return cases;
  const first = Number(process.env['PROPERTY_SEED']) % stride;
  return cases.filter((_, index) => index % stride === first);
}

/** The detail of the hold that names method and endpoint; null while there is none. */
function namedHold(replica: ChainReplica, method: string): string | null {
  const details = replica.holds.cluster.map(({ detail }) => detail);
  return details.find((detail) => detail.includes(method) && detail.includes('rpc-1')) ?? null;
}

/** A chain with the contracts of a backend. */
interface Site {
  readonly chain: ReplicaHarness;
  /** Tokens that the contracts made for the model. */
  readonly deployments: (modelId: string) => Promise<number>;
  /** Makes the token of a model that the service has yet to hear of. */
  readonly deployBefore: (modelId: string) => Promise<void>;
  /** Methods that the service has called so far. */
  readonly askedMethods: Set<string>;
}

async function factorySite(): Promise<Site> {
  const chain = await ChainHarness.start();
  return {
    chain,
    deployments: async (modelId) => (await chain.tokens.find(modelId))?.deployments ?? 0,
    deployBefore: async (modelId) => await chain.deployAsAnother(modelId),
    askedMethods: new Set(),
  };
}

async function tokenManagerSite(): Promise<Site> {
  const chain = await TokenManagerHarness.start();
  await chain.deployContracts();
  const { address } = chain.deployer;
  return {
    chain,
    deployments: async (modelId) => (await chain.contracts.find(modelId)).deployments,
    deployBefore: async (modelId) => {
      const token = await chain.contracts.deployAs(address, modelId);
      await chain.contracts.registerAs(address, modelId, token);
    },
    askedMethods: new Set(),
  };
}

/** Logs are asked for only when a token exists that the ledger does not know. */
function isAboutLogs(method: string): boolean {
  return method === 'eth_getLogs';
}

/** Plays one shape at one method. Returns what is wrong, or null. */
async function play(
  { chain, deployments, askedMethods }: Site,
  replica: ChainReplica,
  modelId: string,
  { method, shape, fault, afterSends }: Case,
): Promise<string | null> {
  const isAdopted = isAboutLogs(method);
  const { proxy } = chain;
  const refused = METHODS[method] ?? [];
  // Only a transaction that waits in the pool is asked about by its hash.
  const waits = method === 'eth_getTransactionByHash';
  const sends = (): number => proxy.count('eth_sendRawTransaction');
  let asked: number | null = null;
  for (const call of proxy.calls.splice(0)) askedMethods.add(call.method);
  if (waits) await chain.setAutomine(false);
  proxy.setRule((call: RpcMethodCall): RpcFault => {
    // The call in question is already counted.
    if (!isAdopted && sends() - Number(call.method === 'eth_sendRawTransaction') < afterSends) return 'forward';
    asked ??= proxy.count(method) - Number(call.method === method);
    if (call.method === method) return fault;
    return refused.includes(call.method) ? { code: -32601, message: 'the method does not exist' } : 'forward';
  });
  const kind = (): string | undefined => replica.results.of(modelId)?.kind;
  const isDone = (): boolean => kind() !== undefined && kind() !== 'advanced';
  const saw = () => replica.holds.cluster;
  try {
    await replica.submit(modelId);
    // A method that is unsupported is not asked again for a while.
    await until('the question', () => (asked !== null && proxy.count(method) > asked) || isDone(), { saw });
    if (waits) await chain.setAutomine(true);
    await until('a token or a hold', () => isDone() || namedHold(replica, method), {
      timeoutMs: NAMED_WITHIN_MS,
      saw,
    });
    proxy.reset();
    await until('the token', isDone, { saw });
    await until('the end of every hold', () => replica.holds.cluster.length === 0, { saw });
    const made = await deployments(modelId);
    return kind() === (isAdopted ? 'adopted' : 'deployed') && made === 1
      ? null
      : `${method}: ${shape}: ${kind()}, ${made} deployments`;
  } catch (error) {
    return `${method}: ${shape}, after ${afterSends} sends: ${String(error)}`;
  } finally {
    proxy.reset();
    if (waits) await chain.setAutomine(true);
  }
}

/** Plays the cases one after the other. Returns what is wrong. */
async function playAll(start: () => Promise<Site>, cases: readonly Case[]): Promise<readonly string[]> {
  const site = await start();
  try {
    for (const [index, { method }] of cases.entries())
      if (isAboutLogs(method)) await site.deployBefore(String(index + 1));
    const replica = await site.chain.startReplica({ RPC_PROBE_INTERVAL: '0.5', RPC_TIMEOUT: '1', REPLACE_AFTER: '1' });
    await until('the lane', () => replica.holds.list().length === 0);
    const failures: string[] = [];
    for (const [index, each] of cases.entries()) {
      const failure = await play(site, replica, String(index + 1), each);
      if (failure !== null) failures.push(failure);
    }
    const rows = new Set([...Object.keys(METHODS), ...OTHER_METHODS]);
    return [
      ...failures,
      ...[...site.askedMethods].filter((method) => !rows.has(method)).map((method) => `no row for ${method}`),
    ];
  } finally {
    await site.chain.stop();
  }
}

describe('A replica with one endpoint works on, or names method, endpoint and reason', () => {
  it.concurrent.each(Object.keys(METHODS))('factory: %s', { timeout: 900_000 }, async (method) => {
    const failures = await playAll(factorySite, sampled(casesOf(method), 10));
    expect(failures.join('\n')).toBe('');
  });

  // The fault begins before the deployment is sent, or before the registration is: a receipt is asked for after each.
  const both = Object.keys(METHODS).map((method): readonly [string, readonly Case[]] => {
    const moments = method === 'eth_getTransactionReceipt' ? [1, 2] : [0, 1];
    return [method, moments.flatMap((afterSends) => casesOf(method, afterSends))];
  });
  const cases = both.flatMap(([, each]) => each);
  const groups = IS_FULL ? both : [['a sample', sampled(cases, Math.ceil(cases.length / 6))] as const];
  it.concurrent.each(groups)('TokenManager: %s', { timeout: 1_800_000 }, async (_name, each) => {
    const failures = await playAll(tokenManagerSite, each);
    expect(failures.join('\n')).toBe('');
  });
});
