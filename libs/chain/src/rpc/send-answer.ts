/**
 * What a node says when it is given a signed transaction. Everything but a plain acceptance means *maybe sent*: the
 * transaction stays in the journal and the same bytes are sent again (J3).
 */
export type SendAnswer =
  | 'accepted'
  | 'already-known'
  | 'nonce-too-low'
  | 'nonce-too-high'
  | 'replacement-underpriced'
  | 'underpriced'
  | 'fee-below-base'
  | 'fee-above-limit'
  | 'insufficient-funds'
  | 'gas-too-low'
  | 'gas-too-high'
  | 'pool-full'
  | 'rate-limited'
  | 'reverted'
  | 'unavailable'
  | 'unknown';

/** Wordings of geth, nethermind, besu, erigon, reth, anvil and hardhat; the first match counts. */
const WORDINGS: readonly (readonly [RegExp, SendAnswer])[] = [
  [/already ?known|already imported|known transaction|transaction already in mempool|ALREADY_EXISTS/i, 'already-known'],
  [
    /replacement (transaction )?(fee )?(too low|underpriced)|REPLACEMENT_UNDERPRICED|could not replace existing/i,
    'replacement-underpriced',
  ],
  [
    /nonce (is )?too low|old ?nonce|NONCE_TOO_LOW|nonce has already been used|invalid nonce.*expected nonce to be/i,
    'nonce-too-low',
  ],
  [
    /nonce (is )?too high|nonce gap|NonceTooFarInTheFuture|NONCE_TOO_FAR|too distant from expected sender nonce/i,
    'nonce-too-high',
  ],
  [
    /insufficient (funds|balance|MaxFeePerGas for sender balance)|upfront cost exceeds account balance|doesn't have enough funds/i,
    'insufficient-funds',
  ],
  [
    /less than block base ?fee|max fee per gas less than|below (current )?base ?fee|fee cap less than|too low for the next block/i,
    'fee-below-base',
  ],
  [/exceeds the configured cap|tx fee cap|transaction fee cap exceeded/i, 'fee-above-limit'],
  [/underpriced|gas price (is )?(too low|below)|FeeTooLow|tip (is )?too low|priority fee .*below/i, 'underpriced'],
  [/intrinsic gas|gas limit (is )?too low|gas floor|out of gas: gas required/i, 'gas-too-low'],
  [/exceeds block gas limit|gas limit (is )?too high|gas ?limit cap|exceeds .*transaction gas/i, 'gas-too-high'],
  [/txpool is full|pool (is )?full|mempool is full|transaction pool limit/i, 'pool-full'],
  [/rate.?limit|too many requests|request limit|capacity exceeded|\b429\b/i, 'rate-limited'],
  [/revert/i, 'reverted'],
];

/** @param message of the JSON-RPC error object */
export function classifySendError(message: string): SendAnswer {
  return WORDINGS.find(([wording]) => wording.test(message))?.[1] ?? 'unknown';
}
