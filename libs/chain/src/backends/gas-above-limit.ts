import { HoldError } from '#core';
import type { ChainReader } from '../rpc/chain-reader.js';

/** Returns the hold for a transaction that fits into no block. Either figure may be a node's mistake. */
export function gasAboveLimit(reader: ChainReader, estimate: bigint, gasLimit: bigint): HoldError {
  const detail =
    `a transaction needs ${estimate} gas (eth_estimateGas, eth_simulateV1), ` +
    `the limit is ${gasLimit} (eth_getBlockByNumber, eth_sendRawTransaction) on ${reader.endpointNames}`;
  return new HoldError('rpc_unavailable', detail);
}
