import { describe, expect, it } from 'vitest';
import { type RpcErrorKind, classifyRpcError } from './rpc-error-classifier.js';
import { RpcError } from '../rpc.errors.js';

const WORDINGS: Readonly<Record<RpcErrorKind, readonly (readonly [who: string, code: number, message: string])[]>> = {
  none: [
    ['geth', -32000, 'insufficient funds for transfer'],
    ['geth', -32000, 'gas required exceeds allowance (50000)'],
    ['geth', -32602, 'invalid argument 0: hex string without 0x prefix'],
    ['geth', 3, 'execution reverted: request timed out'],
    ['besu', -32000, 'Execution reverted'],
    ['hardhat', -32603, "Error: VM Exception while processing transaction: reverted with custom error 'X()'"],
    ['besu', -32005, 'Requested range exceeds maximum RPC range limit'],
    ['infura', -32005, 'query returned more than 10000 results'],
    ['geth', -32003, 'response too large'],
    ['geth', -32600, 'batch too large'],
    ['ankr', -32005, 'response size exceeded the limit of 10 MB'],
    ['others', -32602, 'Log response size exceeded'],
    ['others', -32005, 'logs are limited to a 1000 block span'],
    ['others', -32005, 'too many logs returned: 20001 > 20000'],
    ['others', -32005, 'maximum [from, to] blocks distance: 2000'],
    ['others', -32005, 'Max 2048 blocks'],
    ['others', 35, 'ranges over 10000 blocks are not supported on freetier'],
  ],
  throttled: [
    ['infura', -32005, 'daily request count exceeded, request rate limited'],
    ['alchemy', 429, 'Your app has exceeded its compute units per second capacity'],
    ['quicknode', -32007, '15/second request limit reached - reduce calls per second'],
    ['others', -32000, 'Too Many Requests'],
    ['chainstack', -32000, "You've exceeded the RPS limit available on the current plan."],
    ['blast', 0, 'Monthly capacity limit exceeded.'],
    ['optimism', -32016, 'over rate limit'],
  ],
  behind: [
    ['geth', -32000, 'header not found'],
    ['geth', -32000, 'transaction indexing is in progress'],
    ['nethermind', -39001, 'Unknown block'],
    ['anvil', -32602, 'BlockOutOfRangeError: block height is 7 but requested was 9'],
  ],
  broken: [
    ['geth', -32000, 'missing trie node 1a2b (path ) state 0x1a2b is not available'],
    ['geth', -32000, 'historical state 1a2b is not available'],
    ['geth', -32000, 'required historical state unavailable (reexec=128)'],
    ['erigon', -32000, 'old data not available due to pruning'],
    ['nethermind', -32002, 'No state available for block 7 (0x1a2b)'],
    ['reth', -32000, 'state at block #7 is pruned'],
    ['besu', -32000, 'World state unavailable'],
    ['any', -32603, 'Internal error'],
    ['nethermind', -32000, 'node is syncing'],
    ['gateways', -32000, 'upstream connect error'],
  ],
  unsupported: [
    ['geth', -32601, 'the method eth_simulateV1 does not exist/is not available'],
    ['nethermind', -32601, 'Method eth_feeHistory is not supported'],
    ['besu', -32601, 'Method not found'],
    ['gateways', -32600, 'eth_simulateV1 is an unsupported method'],
    ['gateways', -32000, 'method eth_simulateV1 is not whitelisted'],
    ['gateways', -32000, 'Method eth_feeHistory is not implemented'],
    ['gateways', -32000, 'no such method eth_feeHistory'],
    ['gateways', -32052, 'API key is not allowed to access method'],
    ['geth', -32000, 'pending state is not available'],
    ['others', -32602, 'unsupported block tag: pending'],
    ['geth', -39001, 'finalized block not found'],
  ],
};

describe('classifyRpcError', () => {
  for (const [refusal, wordings] of Object.entries(WORDINGS)) {
    it.each(wordings)(`returns ${refusal} for %s: %i %s`, (_who, code, message) => {
      expect(classifyRpcError(new RpcError('eth_call', code, message, null))).toBe(refusal);
    });
  }

  it('returns none for an error with revert data, regardless of its code', () => {
    expect(classifyRpcError(new RpcError('eth_call', -32603, 'Internal error', '0x6d5703c2'))).toBe('none');
  });
});
