import { Injectable, Logger } from '@nestjs/common';
import { requireDecodableEvent } from '#contracts';
import type { Block, TransactionLog, TransactionReceipt } from '#core';
import { type BatchResult, isFailure, isRpcFailure, RpcError, RpcUnavailableError } from './rpc.errors.js';
import {
  quantity,
  readableOr,
  toAddress,
  toBigInt,
  toFields,
  toHash,
  toHex,
  toList,
  toNumber,
  unreadable,
} from './transport/hex-quantity.js';
import { isAnswer } from './transport/rpc-error-classifier.js';
import type { PushedHeads } from './pool/pushed-heads.js';
import { RpcPool } from './pool/rpc-pool.js';

export type BlockTag = number | 'latest';

export interface CallRequest {
  readonly from?: string;
  /** Default: the data is the init code of a contract. */
  readonly to?: string;
  readonly data: string;
  readonly value?: bigint;
}

/** Result of a simulated call. */
interface SimulatedResult<T> {
  readonly result: T;
  readonly gasUsed: bigint;
}

const SIMULATE = 'eth_simulateV1';

export interface LogFilter {
  readonly address: string;
  readonly topics: readonly (string | null)[];
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** Content of a transaction. */
export interface SentTransaction {
  /** Null when it creates a contract. */
  readonly to: string | null;
  readonly from: string;
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
}

export interface MinedTransaction extends SentTransaction {
  readonly nonce: number;
  readonly hash: string;
}

/** Number of transactions that an account has sent. */
export interface AccountNonceCounts {
  /** At the latest block. */
  readonly latest: number;
  /** Includes the mempool. Equals `latest` when the node does not count pending transactions. */
  readonly pending: number;
}

/** Reads the chain with types. Every method throws RpcUnavailableError when no endpoint returns a readable result. */
@Injectable()
export class ChainReader {
  private readonly logger = new Logger(ChainReader.name);
  private pendingLogged = false;
  private lastBaseFee: bigint | null = null;

  constructor(private readonly rpc: RpcPool) {}

  get pushedHeads(): PushedHeads {
    return this.rpc.pushedHeads;
  }

  /** Methods that no endpoint answers now, each with endpoints and reasons, without secrets. */
  get outages(): readonly string[] {
    return this.rpc.outages;
  }

  /** Display names of the endpoints. */
  get endpointNames(): string {
    return this.rpc.endpointNames;
  }

  /** Returns the error of results that contradict each other or what is known. @param reason what is wrong with the result */
  contradiction(method: string, reason: string): RpcUnavailableError {
    return unreadable(`${method} on ${this.endpointNames}: ${reason}`);
  }

  /** Returns the chain id of each endpoint that answers. */
  async chainIds(): Promise<readonly { readonly endpoint: string; readonly chainId: number }[]> {
    const answers = await this.rpc.chainIds();
    const known = answers.flatMap(({ endpoint, chainId }) => (chainId === null ? [] : [{ endpoint, chainId }]));
    if (known.length === 0) throw this.contradiction('eth_chainId', 'no endpoint returned its chain id');
    return known;
  }

  /** Name and version of a node's software; empty when it does not say. */
  async clientVersion(): Promise<string> {
    try {
      return await this.rpc.call('web3_clientVersion', [], String, { optional: true });
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
      return '';
    }
  }

  /** Whether a block had a base fee. A later block without one comes from a node or gateway that hides it. */
  get hasShownBaseFee(): boolean {
    return this.lastBaseFee !== null;
  }

  /** Returns the latest block. Without a base fee, it gets that of the last block that had one. */
  async latestBlock(): Promise<Block> {
    const block = await this.rpc.call('eth_getBlockByNumber', ['latest', false], readBlock);
    this.lastBaseFee = block.baseFeePerGas ?? this.lastBaseFee;
    return { ...block, baseFeePerGas: this.lastBaseFee };
  }

  /** Returns null when the block does not exist (yet, or after a reorg). */
  async block(tag: number | 'safe' | 'finalized'): Promise<Block | null> {
    // A young chain has no final block. That is no outage.
    const options = { optional: typeof tag === 'string' };
    return await this.rpc.call('eth_getBlockByNumber', [tagOf(tag), false], orNull(readBlock), options);
  }

  /**
   * Returns receipts in the order of the hashes. Null proves nothing about a transaction.
   *
   * @throws RpcError or RpcUnavailableError when a receipt cannot be read
   */
  async receipts(hashes: readonly string[]): Promise<readonly (TransactionReceipt | null)[]> {
    return (await this.receiptResults(hashes.map((hash) => ({ hash, maxFeePerGas: null })))).map(orThrow);
  }

  /**
   * Returns receipts in the order of the transactions, and an error in place of each unreadable one. The gas price of a
   * receipt without one is the price of the transaction, or its maximum.
   */
  async receiptResults(
    transactions: readonly { readonly hash: string; readonly maxFeePerGas: bigint | null }[],
  ): Promise<readonly BatchResult<TransactionReceipt | null>[]> {
    const results = await this.rpc.batch(
      transactions.map(({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
      (result, index) => (result === null ? null : readReceipt(result, transactions[index]?.hash ?? '')),
    );
    const unpriced = results.flatMap((result) =>
      result !== null && !isFailure(result) && result.gasPrice === null ? [result.transactionHash] : [],
    );
    const prices = unpriced.length === 0 ? new Map<string, bigint>() : await this.gasPrices(unpriced);
    return results.map((result, index) => {
      if (result === null || isFailure(result)) return result;
      const gasPrice =
        result.gasPrice ?? prices.get(result.transactionHash) ?? transactions[index]?.maxFeePerGas ?? null;
      if (gasPrice !== null) return { ...result, gasPrice };
      return unreadable(`transaction ${result.transactionHash} and its receipt contain no gas price`);
    });
  }

  /** Whether the node knows the transaction, mined or pending. */
  async knows(hash: string): Promise<boolean> {
    const read = (result: unknown): boolean => {
      if (result === null) return false;
      if (isSameHex(toFields(result, 'transaction')['hash'], hash)) return true;
      throw unreadable('the result is another transaction');
    };
    return await this.rpc.call('eth_getTransactionByHash', [hash], read);
  }

  /** Returns transactions in the order of the hashes, null for an unknown one. */
  async transactions(hashes: readonly string[]): Promise<readonly (SentTransaction | null)[]> {
    const results = await this.rpc.batch(
      hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
      orNull(readTransaction),
    );
    return results.map(orThrow);
  }

  /** Returns mined transactions in the order of the hashes. A node that does not know one has no readable answer. */
  async minedTransactions(hashes: readonly string[]): Promise<readonly SentTransaction[]> {
    const results = await this.rpc.batch(
      hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
      (result, index) => {
        if (result === null) throw unreadable(`null for the mined transaction ${hashes[index]}`);
        return readTransaction(result);
      },
    );
    return results.map(orThrow);
  }

  async balance(address: string): Promise<bigint> {
    return await this.rpc.call('eth_getBalance', [address, 'latest'], (result) => toBigInt(result, 'balance'));
  }

  /**
   * Returns the number of transactions that the account has sent up to a block.
   *
   * @throws RpcError when the node has pruned the state
   */
  async nonce(address: string, tag: number | 'latest'): Promise<number> {
    const options = { optional: typeof tag === 'number' };
    return await this.rpc.call('eth_getTransactionCount', [address, tagOf(tag)], readNonce, options);
  }

  /** Returns the number of transactions that the account had sent as of a block. Null when the node has pruned the state. */
  async nonceAt(address: string, block: number): Promise<number | null> {
    try {
      return await this.nonce(address, block);
    } catch (error) {
      if (error instanceof RpcError) return null;
      throw error;
    }
  }

  /**
   * Transactions that the account had sent as of a block, or of the newest block where the state of that one is pruned,
   * from a second endpoint where there is one.
   */
  async confirmedNonce(address: string, block: number): Promise<number> {
    const method = 'eth_getTransactionCount';
    try {
      return await this.rpc.callElsewhere(method, [address, tagOf(block)], readNonce, { optional: true });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return await this.rpc.callElsewhere(method, [address, 'latest'], readNonce);
    }
  }

  /** Whether the address has code, by a second endpoint where there is one. */
  async hasCode(address: string): Promise<boolean> {
    return await this.rpc.callElsewhere('eth_getCode', [address, 'latest'], readHasCode);
  }

  async nonces(address: string): Promise<AccountNonceCounts> {
    const latest = await this.nonce(address, 'latest');
    const pending = await this.pendingNonce(address);
    if (pending === null || pending < latest) this.logPendingUnsupported();
    return { latest, pending: Math.max(latest, pending ?? latest) };
  }

  async code(address: string): Promise<string> {
    return await this.rpc.call('eth_getCode', [address, 'latest'], (result) => toHex(result, 'code'));
  }

  /** @throws RpcError with the revert data when the call reverts */
  async call(request: CallRequest, tag: BlockTag = 'latest'): Promise<string> {
    return await this.view(request, (returnData) => returnData, tag);
  }

  /**
   * Calls a contract and decodes the return data.
   *
   * @param decode decodes the return data; an answer that it throws for counts as unreadable
   * @throws RpcError with the revert data when the call reverts
   */
  async view<T>(request: CallRequest, decode: (returnData: string) => T, tag: BlockTag = 'latest'): Promise<T> {
    return await this.rpc.call('eth_call', [callObject(request), tagOf(tag)], (result) =>
      decode(toHex(result, 'call result')),
    );
  }

  /**
   * Simulates a call and returns the gas that it used, in one request (`eth_simulateV1` of the execution APIs). Not every node
   * supports it.
   *
   * @throws RpcError with the revert data when the call reverts; RpcError or RpcUnavailableError when the node cannot simulate
   */
  async simulate<T>(request: CallRequest, decode: (returnData: string) => T): Promise<SimulatedResult<T>> {
    const [result = unreadable('no simulated call')] = await this.simulateAll([request], decode);
    return orThrow(result);
  }

  /**
   * Simulates calls one after the other in one block, each on the state that the one before left. Returns results in the order
   * of the requests, and the error of a call that fails.
   *
   * @throws RpcError or RpcUnavailableError when the node cannot simulate
   */
  async simulateAll<T>(
    requests: readonly CallRequest[],
    decode: (returnData: string, index: number) => T,
    tag: BlockTag = 'latest',
  ): Promise<readonly BatchResult<SimulatedResult<T>>[]> {
    const params = [{ blockStateCalls: [{ calls: requests.map(callObject) }] }, tagOf(tag)];
    const read = (blocks: unknown) => {
      const [block] = toList(blocks, 'simulated blocks');
      const calls = toList(toFields(block, 'simulated block')['calls'], 'simulated calls');
      const source = `${SIMULATE} on ${this.endpointNames}`;
      return requests.map((_, index) => readSimulatedCall(source, calls[index], (data) => decode(data, index)));
    };
    return await this.rpc.call(SIMULATE, params, read, { optional: true });
  }

  /** Returns results in the order of the requests, null for a failed call. @throws RpcError or RpcUnavailableError */
  async calls(requests: readonly CallRequest[], tag: BlockTag = 'latest'): Promise<readonly (string | null)[]> {
    return await this.views(requests, (returnData) => returnData, tag);
  }

  /**
   * Calls contracts and decodes the return data, in the order of the requests. Returns null for a failed call, and for a
   * contract that is not deployed at a past block.
   *
   * @param decode decodes the return data; an answer that it throws for counts as unreadable
   * @throws RpcError or RpcUnavailableError when a call has no readable answer
   */
  async views<T>(
    requests: readonly CallRequest[],
    decode: (returnData: string, index: number) => T,
    tag: BlockTag = 'latest',
  ): Promise<readonly (T | null)[]> {
    const results = await this.rpc.batch(
      requests.map((request) => ({ method: 'eth_call', params: [callObject(request), tagOf(tag)] })),
      (result, index) => {
        const returnData = toHex(result, 'call result');
        return returnData === '0x' && typeof tag === 'number' ? null : decode(returnData, index);
      },
    );
    return results.map((result) => (result instanceof RpcError && isAnswer(result) ? null : orThrow(result)));
  }

  /** @throws RpcError when the transaction would revert */
  async estimateGas(request: CallRequest): Promise<bigint> {
    return await this.rpc.call('eth_estimateGas', [callObject(request)], readGas);
  }

  /** Returns estimates in the order of the requests, and the error of a transaction that would revert. */
  async estimates(requests: readonly CallRequest[]): Promise<readonly BatchResult<bigint>[]> {
    return await this.rpc.batch(
      requests.map((request) => ({ method: 'eth_estimateGas', params: [callObject(request)] })),
      readGas,
    );
  }

  /** Returns the median tip in wei of each recent block with transactions. Empty without a readable fee history. */
  async recentTips(blocks: number): Promise<readonly bigint[]> {
    try {
      return await this.rpc.call('eth_feeHistory', [quantity(blocks), 'latest', [50]], readTips, { optional: true });
    } catch (error) {
      if (error instanceof RpcUnavailableError) return [];
      throw error;
    }
  }

  /** Returns the tip that the node suggests, wei per gas. */
  async priorityFee(): Promise<bigint> {
    return await this.rpc.call('eth_maxPriorityFeePerGas', [], readPriorityFee, { optional: true });
  }

  /** Returns wei per gas. @param optional whether the caller has a substitute for an unreadable result */
  async gasPrice({ optional }: { readonly optional: boolean }): Promise<bigint> {
    return await this.rpc.call('eth_gasPrice', [], (result) => toBigInt(result, 'gas price'), { optional });
  }

  async logs({ address, topics, fromBlock, toBlock }: LogFilter): Promise<readonly TransactionLog[]> {
    const filter = { address, topics, fromBlock: quantity(fromBlock), toBlock: quantity(toBlock) };
    return await this.rpc.call('eth_getLogs', [filter], (result) => toList(result, 'logs').map(readLog));
  }

  /** Returns an account's transactions in a block, or null when the block does not exist. */
  async transactionsIn(block: number, sender: string): Promise<readonly MinedTransaction[] | null> {
    const read = (result: unknown): readonly MinedTransaction[] =>
      toList(toFields(result, 'block')['transactions'], 'transactions')
        .filter((each) => isSameHex(toFields(each, 'transaction')['from'], sender))
        .map(readMinedTransaction);
    return await this.rpc.call('eth_getBlockByNumber', [quantity(block), true], orNull(read));
  }

  /** Returns the wei per gas that mined transactions paid, by hash. Skips unknown transactions. */
  private async gasPrices(hashes: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const results = await this.rpc
      .batch(
        hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] })),
        orNull((result) => toBigInt(toFields(result, 'transaction')['gasPrice'], 'gas price')),
        { optional: true },
      )
      .catch((error: unknown): readonly BatchResult<bigint | null>[] => {
        if (error instanceof RpcUnavailableError) return [];
        throw error;
      });
    return new Map(
      hashes.flatMap((hash, index): readonly [string, bigint][] => {
        const price = results[index];
        return typeof price === 'bigint' ? [[hash, price]] : [];
      }),
    );
  }

  /** Returns null when the node does not count pending transactions. */
  private async pendingNonce(address: string): Promise<number | null> {
    try {
      return await this.rpc.call('eth_getTransactionCount', [address, 'pending'], readNonce, { optional: true });
    } catch (error) {
      if (isRpcFailure(error)) return null;
      throw error;
    }
  }

  private logPendingUnsupported(): void {
    if (this.pendingLogged) return;
    this.pendingLogged = true;
    const message = 'RPC counts no pending transactions, using `latest`';
    this.logger.log({ event: 'rpc.pending_unsupported', message });
  }
}

function tagOf(tag: number | string): string {
  return typeof tag === 'number' ? quantity(tag) : tag;
}

function callObject({ from, to, data, value }: CallRequest): Record<string, string> {
  return {
    ...(to === undefined ? {} : { to }),
    data,
    ...(from === undefined ? {} : { from }),
    ...(value ? { value: quantity(value) } : {}),
  };
}

/** Returns the error of a failed call, with data when it reverted. Code 3 marks a revert without data. */
function readSimulatedCall<T>(
  source: string,
  answer: unknown,
  decode: (returnData: string) => T,
): BatchResult<SimulatedResult<T>> {
  const { status, returnData, gasUsed, error } = toFields(answer, 'simulated call');
  const result = toHex(returnData, 'call result');
  if (toBigInt(status, 'status') === 1n) return { result: decode(result), gasUsed: toBigInt(gasUsed, 'gas used') };
  const { code, message } = toFields(error ?? {}, 'error of the call');
  return new RpcError(
    source,
    typeof code === 'number' ? code : 0,
    typeof message === 'string' ? message : 'the call failed',
    result !== '0x' || code === 3 ? result : null,
  );
}

function readBlock(answer: unknown): Block {
  const { number, hash, parentHash, timestamp, baseFeePerGas, gasLimit } = toFields(answer, 'block');
  return {
    number: toNumber(number, 'block number'),
    hash: toHash(hash, 'block hash'),
    parentHash: readableOr(() => toHash(parentHash, 'parent hash'), null),
    timestamp: toNumber(timestamp, 'block timestamp'),
    baseFeePerGas: typeof baseFeePerGas === 'string' ? toBigInt(baseFeePerGas, 'base fee') : null,
    gasLimit: readBlockGasLimit(gasLimit),
  };
}

/** Throws for 0, which gateways fill in: no transaction would fit. */
function readBlockGasLimit(value: unknown): bigint {
  const gasLimit = toBigInt(value, 'block gas limit');
  if (gasLimit === 0n) throw unreadable('block gas limit is 0');
  return gasLimit;
}

function readTransaction(answer: unknown): SentTransaction {
  const { to, from, input, value } = toFields(answer, 'transaction');
  return {
    to: to === null ? null : toAddress(to, 'recipient'),
    from: toAddress(from, 'sender'),
    data: toHex(input, 'calldata'),
    value: toBigInt(value, 'value'),
  };
}

function readMinedTransaction(answer: unknown): MinedTransaction {
  const transaction = toFields(answer, 'transaction');
  return {
    ...readTransaction(transaction),
    nonce: toNumber(transaction['nonce'], 'nonce'),
    hash: toHash(transaction['hash'], 'transaction hash'),
  };
}

function readNonce(answer: unknown): number {
  return toNumber(answer, 'nonce');
}

function readGas(answer: unknown): bigint {
  return toBigInt(answer, 'gas estimate');
}

/** Returns the median tips of a fee history. Empty when it has no rewards. */
function readTips(answer: unknown): readonly bigint[] {
  const { reward, gasUsedRatio } = toFields(answer, 'fee history');
  if (reward === undefined || reward === null) return [];
  const ratios: readonly unknown[] = Array.isArray(gasUsedRatio) ? gasUsedRatio : [];
  // An empty block paid no tip but is listed with a tip of zero.
  const used = toList(reward, 'rewards').filter((_, index) => ratios[index] !== 0);
  return used.map((each) => toBigInt(toList(each, 'reward')[0], 'reward'));
}

function readHasCode(result: unknown): boolean {
  return toHex(result, 'code') !== '0x';
}

function readPriorityFee(result: unknown): bigint {
  return toBigInt(result, 'priority fee');
}

/** Reads a receipt. `gasPrice` is null when the receipt contains none. */
function readReceipt(
  answer: unknown,
  hash: string,
): Omit<TransactionReceipt, 'gasPrice'> & { readonly gasPrice: bigint | null } {
  const receipt = toFields(answer, 'receipt');
  if (!isSameHex(receipt['transactionHash'], hash)) throw unreadable('the receipt is of another transaction');
  return {
    transactionHash: toHash(receipt['transactionHash'], 'transaction hash'),
    blockNumber: toNumber(receipt['blockNumber'], 'block number'),
    blockHash: toHash(receipt['blockHash'], 'block hash'),
    from: toAddress(receipt['from'], 'sender'),
    succeeded: readStatus(receipt['status']),
    gasUsed: toBigInt(receipt['gasUsed'], 'gas used'),
    gasPrice: readableOr(() => toBigInt(receipt['effectiveGasPrice'], 'effective gas price'), null),
    layerOneFee: readableOr(() => toBigInt(receipt['l1Fee'], 'layer 1 fee'), 0n),
    logs: toList(receipt['logs'], 'logs').map(readLog),
  };
}

/** Whether a mined transaction succeeded. Throws for a third status, which does not mean that it reverted. */
function readStatus(value: unknown): boolean {
  const status = toBigInt(value, 'status');
  if (status > 1n) throw unreadable('status is neither 0 nor 1');
  return status === 1n;
}

/** Reads a log. Rejects an undecodable event of the contracts here, so that another endpoint is asked. */
function readLog(answer: unknown): TransactionLog {
  const { address, topics, data, transactionHash, blockNumber } = toFields(answer, 'log');
  const log = {
    address: toAddress(address, 'log address'),
    topics: toList(topics, 'topics').map((topic) => toHash(topic, 'topic')),
    data: toHex(data, 'log data'),
    transactionHash: toHash(transactionHash, 'transaction hash'),
    blockNumber: toNumber(blockNumber, 'block number'),
  };
  requireDecodable(log);
  return log;
}

function requireDecodable(log: TransactionLog): void {
  try {
    requireDecodableEvent(log);
  } catch {
    throw unreadable('log of the contracts cannot be decoded');
  }
}

function orNull<T>(read: (answer: unknown) => T): (answer: unknown) => T | null {
  return (answer) => (answer === null ? null : read(answer));
}

/** @throws the error of a failed result */
function orThrow<T>(result: BatchResult<T>): T {
  if (isFailure(result)) throw result;
  return result;
}

function isSameHex(value: unknown, expected: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === expected.toLowerCase();
}
