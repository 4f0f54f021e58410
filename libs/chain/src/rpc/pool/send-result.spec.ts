import { describe, expect, it } from 'vitest';
import { classifySendError, type SendResult } from './send-result.js';

const HASH = '0x4290c5f7d9f7c4b7a0d1a4d4f0b1d7f9429042904290429042904290429e4290';

/** What the nodes say, word for word, by class. Sources: each client's own tables of pool and validation errors. */
const WORDINGS: Readonly<Partial<Record<SendResult, readonly (readonly [client: string, message: string])[]>>> = {
  'already-known': [
    ['geth, reth, nethermind, erigon', 'already known'],
    ['nethermind before 1.30', 'AlreadyKnown'],
    ['besu', 'Known transaction'],
    ['besu with the wording of geth', 'already known'],
    ['reth', 'already imported'],
    ['erigon', 'existing tx with same hash'],
    ['erigon 3', 'existing txn with same hash'],
    ['anvil', `Tx: [${HASH}] already Imported`],
    ['hardhat', `Known transaction: ${HASH}`],
  ],
  'nonce-too-low': [
    ['geth, reth', 'nonce too low: next nonce 13476, tx nonce 13475'],
    ['nethermind before 1.30', 'OldNonce, Current nonce: 5, nonce of rejected tx: 4'],
    ['besu', 'Nonce too low'],
    ['erigon, anvil', 'nonce too low'],
    [
      'hardhat',
      "Nonce too low. Expected nonce to be 44 but got 43. Note that transactions can't be queued when automining.",
    ],
    ['hardhat mempool', 'Transaction nonce too low. Expected nonce to be at least 44 but got 43.'],
  ],
  'nonce-too-high': [
    ['geth', 'nonce too high: tx nonce 9, gapped nonce 7'],
    ['geth, delegated account', 'gapped-nonce tx from delegated accounts'],
    ['nethermind', 'nonce too far in future'],
    ['nethermind before 1.30', 'NonceGap, Future nonce. Expected nonce: 7'],
    ['nethermind before 1.30', 'NonceTooFarInFuture'],
    ['besu', 'Nonce too high'],
    ['besu', 'Transaction nonce is too distant from current sender nonce'],
    ['anvil', 'Nonce too high'],
    [
      'hardhat',
      "Nonce too high. Expected nonce to be 0 but got 3. Note that transactions can't be queued when automining.",
    ],
  ],
  'replacement-underpriced': [
    ['geth, reth, nethermind, erigon', 'replacement transaction underpriced'],
    ['geth', 'future transaction tries to replace pending'],
    ['nethermind before 1.30', 'ReplacementNotAllowed'],
    ['besu', 'Replacement transaction underpriced'],
    ['erigon', 'INTERNAL_ERROR: could not replace existing tx'],
    ['reth', 'insufficient gas price to replace existing transaction'],
    ['anvil', `Tx: [${HASH}] insufficient gas price to replace existing transaction`],
    [
      'hardhat',
      'Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 22 is necessary to replace the existing transaction with nonce 0.',
    ],
  ],
  underpriced: [
    ['geth, reth, nethermind', 'transaction underpriced'],
    ['geth', 'transaction underpriced: gas tip cap 0, minimum needed 1'],
    ['geth', 'transaction gas price below minimum: gas tip cap 0, minimum needed 1'],
    ['nethermind before 1.30', 'FeeTooLow, MaxFeePerGas too low.'],
    ['nethermind before 1.30', 'FeeTooLowToCompete'],
    ['besu', 'Gas price below configured minimum gas price'],
    ['erigon', 'underpriced'],
    ['erigon', 'fee too low'],
    ['reth', 'transaction feeCap 7 below chain minimum'],
  ],
  'fee-below-base': [
    ['geth, reth, anvil', 'max fee per gas less than block base fee'],
    ['geth', 'max fee per gas less than block base fee: address 0x01, maxFeePerGas: 1, baseFee: 875000000'],
    ['besu', 'Gas price below current base fee'],
    ['hardhat', 'Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 875000000'],
    ['hardhat', 'Transaction gasPrice (1) is too low for the next block, which has a baseFeePerGas of 875000000'],
  ],
  'fee-above-limit': [
    ['geth', 'tx fee (1.50 ether) exceeds the configured cap (1.00 ether)'],
    ['besu', 'Transaction fee cap exceeded'],
  ],
  'insufficient-funds': [
    ['geth', 'insufficient funds for gas * price + value: balance 0, tx cost 429, overshot 429'],
    ['geth', 'insufficient funds for transfer'],
    ['reth', 'insufficient funds for gas * price + value: have 0 want 429'],
    ['nethermind before 1.30', 'InsufficientFunds, Account balance: 0, cumulative cost: 429'],
    ['besu', 'Upfront cost exceeds account balance'],
    ['besu with the wording of geth, nethermind', 'insufficient funds for gas * price + value'],
    ['erigon', 'insufficient funds'],
    ['anvil', 'Insufficient funds for gas * price + value'],
    [
      'hardhat',
      "Sender doesn't have enough funds to send tx. The max upfront cost is: 429 and the sender's balance is: 0.",
    ],
  ],
  'gas-too-low': [
    ['geth', 'intrinsic gas too low: gas 20999, minimum needed 21000'],
    ['geth', 'insufficient gas for floor data gas cost: gas 21000, minimum needed 22000'],
    ['besu', 'Intrinsic gas exceeds gas limit'],
    ['erigon', 'IntrinsicGas'],
    ['reth, anvil', 'intrinsic gas too low'],
    ['hardhat', 'Transaction requires at least 21000 gas but got 20999'],
  ],
  'gas-too-high': [
    ['geth, reth', 'exceeds block gas limit'],
    ['geth', 'transaction gas limit too high (cap: 16777216, tx: 16777217)'],
    ['nethermind', 'gas limit reached'],
    ['nethermind before 1.30', 'GasLimitExceeded, Gas limit exceeded.'],
    ['besu', 'Transaction gas limit exceeds block gas limit'],
    ['anvil', 'intrinsic gas too high -- tx.gas_limit > env.block.gas_limit'],
    ['anvil', 'Transaction gas limit is greater than the block gas limit, gas_limit: 2, cap: 1'],
    ['reth', "transaction's gas limit 60000000 exceeds block's gas limit 30000000"],
    ['hardhat', 'Transaction gas limit is 60000000 and exceeds block gas limit of 30000000'],
  ],
  'pool-full': [
    ['geth, reth', 'txpool is full'],
    ['geth', 'account limit exceeded: pooled 16 txs'],
    ['geth, delegated account', 'in-flight transaction limit reached for delegated accounts'],
    ['erigon', 'pending sub-pool is full'],
    ['reth', 'transaction discarded outright due to pool size constraints'],
    ['reth', 'rejected due to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 being identified as a spammer'],
  ],
  'rate-limited': [
    ['infura', 'daily request count exceeded, request rate limited'],
    [
      'alchemy',
      'Your app has exceeded its compute units per second capacity. If you have retries enabled, you can safely ignore this message. If not, check out rate limits',
    ],
    ['quicknode', '15/second request limit reached - reduce calls per second'],
    ['others', 'Too Many Requests'],
  ],
  reverted: [
    ['geth, reth, anvil', 'execution reverted: ModelConflict'],
    ['besu', 'Execution reverted'],
    ['hardhat', "VM Exception while processing transaction: reverted with custom error 'ModelConflict()'"],
  ],
  unknown: [
    ['besu', 'Internal error'],
    ['nethermind', 'node is syncing'],
    ['any', `something about ${HASH}`],
    ['any', ''],
  ],
};

describe('classifySendError', () => {
  for (const [answer, wordings] of Object.entries(WORDINGS)) {
    it.each(wordings)(`returns ${answer} for %s: %s`, (_client, message) => {
      expect(classifySendError(message)).toBe(answer);
    });
  }
});
