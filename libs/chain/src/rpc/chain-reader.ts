import { Injectable } from '@nestjs/common';
import type { Block, TransactionLog, TransactionReceipt } from '#core';
import { RpcError, RpcUnavailableError } from './rpc.errors.js';
import { quantity, toBigInt, toFields, toHex, toList, toNumber } from './transport/hex-quantity.js';
import { RpcPool } from './pool/rpc-pool.js';

export type BlockTag = number | 'latest' | 'pending' | 'safe' | 'finalized';

export interface CallRequest {
  readonly from?: string;
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
}

export interface LogFilter {
  readonly address: string;
  readonly topics: readonly (string | null)[];
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** What a transaction asks for. */
export interface SentTransaction {
  /** Null when it creates a contract. */
  readonly to: string | null;
  readonly from: string;
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
}

/** The chain, read with types. Every method throws RpcUnavailableError when the chain cannot be asked. */
@Injectable()
export class ChainReader {
  constructor(private readonly rpc: RpcPool) {}

  /** Chain id that each endpoint serves, for those that answer. */
  async chainIds(): Promise<readonly { readonly endpoint: string; readonly chainId: number }[]> {
    const answers = await this.rpc.chainIds();
    const known = answers.filter(({ answer }) => answer !== null);
    if (known.length === 0) throw new RpcUnavailableError('no endpoint says which chain it serves');
    return known.map(({ endpoint, answer }) => ({ endpoint, chainId: toNumber(answer, 'chain id') }));
  }

  /** Null when there is no such block (yet, or any more). */
  async block(tag: BlockTag): Promise<Block | null> {
    const answer = await this.rpc.call('eth_getBlockByNumber', [tagOf(tag), false]);
    return answer === null ? null : readBlock(answer);
  }

  /** Receipts in the order of the hashes; null proves nothing about a transaction. */
  async receipts(hashes: readonly string[]): Promise<readonly (TransactionReceipt | null)[]> {
    const answers = await this.rpc.batch(
      hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
    );
    return answers.map((answer) => (answer === null || answer instanceof RpcError ? null : readReceipt(answer)));
  }

  /** Whether the node has the transaction at all, mined or waiting. */
  async knows(hash: string): Promise<boolean> {
    return (await this.rpc.call('eth_getTransactionByHash', [hash])) !== null;
  }

  /** In the order of the hashes; null for one that the node does not show. */
  async transactions(hashes: readonly string[]): Promise<readonly (SentTransaction | null)[]> {
    const answers = await this.rpc.batch(
      hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
    );
    return answers.map((answer) => (answer === null || answer instanceof RpcError ? null : readTransaction(answer)));
  }

  async balance(address: string): Promise<bigint> {
    return toBigInt(await this.rpc.call('eth_getBalance', [address, 'latest']), 'balance');
  }

  /** Transactions that the account has sent, as of a block. */
  async nonce(address: string, tag: BlockTag): Promise<number> {
    return toNumber(await this.rpc.call('eth_getTransactionCount', [address, tagOf(tag)]), 'nonce');
  }

  async code(address: string): Promise<string> {
    return toHex(await this.rpc.call('eth_getCode', [address, 'latest']), 'code');
  }

  /** @throws RpcError with the revert data when the call reverts */
  async call(request: CallRequest, tag: BlockTag = 'latest'): Promise<string> {
    return toHex(await this.rpc.call('eth_call', [callObject(request), tagOf(tag)]), 'call result');
  }

  /**
   * A call with the gas that it used, in one request (`eth_simulateV1` of the execution APIs; not every node has it).
   *
   * @throws RpcError with the revert data when the call reverts, with code -32601 when the node has no such method
   */
  async simulate(request: CallRequest): Promise<{ readonly result: string; readonly gasUsed: bigint }> {
    const method = 'eth_simulateV1';
    const blocks = await this.rpc.call(method, [{ blockStateCalls: [{ calls: [callObject(request)] }] }, 'latest']);
    const [block] = toList(blocks, 'simulated blocks');
    const [call] = toList(toFields(block, 'simulated block')['calls'], 'simulated calls');
    const { status, returnData, gasUsed, error } = toFields(call, 'simulated call');
    const result = toHex(returnData, 'call result');
    if (toBigInt(status, 'status') === 1n) return { result, gasUsed: toBigInt(gasUsed, 'gas used') };
    throw failureOf(method, toFields(error ?? {}, 'error of the call'), result);
  }

  /** Results in the order of the requests; null for a call that fails. */
  async calls(requests: readonly CallRequest[], tag: BlockTag = 'latest'): Promise<readonly (string | null)[]> {
    const answers = await this.rpc.batch(
      requests.map((request) => ({ method: 'eth_call', params: [callObject(request), tagOf(tag)] })),
    );
    return answers.map((answer) => (answer instanceof RpcError ? null : toHex(answer, 'call result')));
  }

  /** @throws RpcError when the transaction would revert */
  async estimateGas(request: CallRequest): Promise<bigint> {
    return toBigInt(await this.rpc.call('eth_estimateGas', [callObject(request)]), 'gas estimate');
  }

  /** In the order of the requests; the RpcError in place of an estimate for a transaction that would revert. */
  async estimates(requests: readonly CallRequest[]): Promise<readonly (bigint | RpcError)[]> {
    const answers = await this.rpc.batch(
      requests.map((request) => ({ method: 'eth_estimateGas', params: [callObject(request)] })),
    );
    return answers.map((answer) => (answer instanceof RpcError ? answer : toBigInt(answer, 'gas estimate')));
  }

  /** Median priority fee, wei, of each of the last blocks; empty where the node keeps no fee history. */
  async recentTips(blocks: number): Promise<readonly bigint[]> {
    const history = toFields(await this.rpc.call('eth_feeHistory', [quantity(blocks), 'latest', [50]]), 'fee history');
    const rewards = Array.isArray(history['reward']) ? toList(history['reward'], 'rewards') : [];
    return rewards.map((reward) => toBigInt(toList(reward, 'reward')[0], 'reward'));
  }

  /** Wei per gas, for chains without EIP-1559. */
  async gasPrice(): Promise<bigint> {
    return toBigInt(await this.rpc.call('eth_gasPrice', []), 'gas price');
  }

  async logs(filter: LogFilter): Promise<readonly TransactionLog[]> {
    const { address, topics, fromBlock, toBlock } = filter;
    const answer = await this.rpc.call('eth_getLogs', [
      { address, topics, fromBlock: quantity(fromBlock), toBlock: quantity(toBlock) },
    ]);
    return toList(answer, 'logs').map(readLog);
  }
}

function tagOf(tag: BlockTag): string {
  return typeof tag === 'number' ? quantity(tag) : tag;
}

function callObject({ from, to, data, value }: CallRequest): Record<string, string> {
  return { to, data, ...(from === undefined ? {} : { from }), ...(value ? { value: quantity(value) } : {}) };
}

/** A simulated call that failed: with data when it reverted, as code 3 says where a revert carries none. */
function failureOf(method: string, { code, message }: Record<string, unknown>, returnData: string): RpcError {
  const reverted = returnData !== '0x' || code === 3;
  return new RpcError(
    method,
    typeof code === 'number' ? code : 0,
    typeof message === 'string' ? message : 'the call fails',
    reverted ? returnData : null,
  );
}

function readBlock(answer: unknown): Block {
  const { number, hash, timestamp, baseFeePerGas, gasLimit } = toFields(answer, 'block');
  return {
    number: toNumber(number, 'block number'),
    hash: toHex(hash, 'block hash'),
    timestamp: toNumber(timestamp, 'block timestamp'),
    baseFeePerGas: typeof baseFeePerGas === 'string' ? toBigInt(baseFeePerGas, 'base fee') : null,
    gasLimit: toBigInt(gasLimit, 'block gas limit'),
  };
}

function readTransaction(answer: unknown): SentTransaction {
  const { to, from, input, value } = toFields(answer, 'transaction');
  return {
    to: typeof to === 'string' ? to : null,
    from: toHex(from, 'sender'),
    data: toHex(input, 'calldata'),
    value: toBigInt(value, 'value'),
  };
}

function readReceipt(answer: unknown): TransactionReceipt {
  const receipt = toFields(answer, 'receipt');
  if (typeof receipt['blockHash'] !== 'string')
    throw new RpcUnavailableError('receipt of a transaction that is not mined');
  return {
    transactionHash: toHex(receipt['transactionHash'], 'transaction hash'),
    blockNumber: toNumber(receipt['blockNumber'], 'block number'),
    blockHash: receipt['blockHash'],
    from: toHex(receipt['from'], 'sender'),
    succeeded: toBigInt(receipt['status'], 'status') === 1n,
    gasUsed: toBigInt(receipt['gasUsed'], 'gas used'),
    gasPrice: toBigInt(receipt['effectiveGasPrice'], 'effective gas price'),
    layerOneFee: typeof receipt['l1Fee'] === 'string' ? toBigInt(receipt['l1Fee'], 'layer 1 fee') : 0n,
    logs: toList(receipt['logs'], 'logs').map(readLog),
  };
}

function readLog(answer: unknown): TransactionLog {
  const { address, topics, data, transactionHash, blockNumber } = toFields(answer, 'log');
  return {
    address: toHex(address, 'log address'),
    topics: toList(topics, 'topics').map((topic) => toHex(topic, 'topic')),
    data: toHex(data, 'log data'),
    transactionHash: toHex(transactionHash, 'transaction hash'),
    blockNumber: toNumber(blockNumber, 'block number'),
  };
}
