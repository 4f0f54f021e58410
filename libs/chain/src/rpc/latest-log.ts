import type { TransactionLog } from '#core';
import type { ChainReader, LogFilter } from './chain-reader.js';
import { RpcError } from './rpc.errors.js';

const MIN_RANGE_BLOCKS = 1_000;

/**
 * Returns a matching log from the latest part of the range that has one, or null. Halves a range that the provider
 * refuses: every provider has its own limit and error text.
 *
 * @throws RpcError when the node refuses even a narrow range; RpcUnavailableError
 */
export async function latestLog(reader: ChainReader, filter: LogFilter): Promise<TransactionLog | null> {
  const { fromBlock, toBlock } = filter;
  try {
    return (await reader.logs(filter))[0] ?? null;
  } catch (error) {
    if (!(error instanceof RpcError) || toBlock - fromBlock < MIN_RANGE_BLOCKS) throw error;
    const middle = Math.floor((fromBlock + toBlock) / 2);
    return (
      (await latestLog(reader, { ...filter, fromBlock: middle + 1 })) ??
      (await latestLog(reader, { ...filter, toBlock: middle }))
    );
  }
}
