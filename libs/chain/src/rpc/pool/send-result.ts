/**
 * What a node says when it is given a signed transaction. Everything but a plain acceptance means *maybe sent*: the
 * transaction stays in the journal and the same bytes are sent again (J3).
 */
export type SendResult =
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
const WORDINGS: readonly (readonly [RegExp, SendResult])[] = [
  [
    /already ?known|already imported|known transaction|already in mempool|existing txn? with same hash/i,
    'already-known',
  ],
  [
    /replacement (transaction )?(fee )?(too low|underpriced)|replace existing|tries to replace|ReplacementNotAllowed/i,
    'replacement-underpriced',
  ],
  [/nonce (is )?too low|old ?nonce|nonce has already been used/i, 'nonce-too-low'],
  [/nonce (is )?too (high|far|distant)|nonce ?gap|gapped.nonce|NonceTooFar/i, 'nonce-too-high'],
  [
    /insufficient ?(funds|balance)|upfront cost exceeds account balance|doesn't have enough funds/i,
    'insufficient-funds',
  ],
  [
    /less than block base ?fee|below (current )?base ?fee|fee cap less than|is too low for the next block/i,
    'fee-below-base',
  ],
  [/exceeds the configured cap|tx fee cap|transaction fee cap exceeded/i, 'fee-above-limit'],
  [
    /underpriced|gas price (is )?(too low|below)|fee ?too ?low|tip (is )?too low|priority fee .{0,200}below|feeCap \d+ below/i,
    'underpriced',
  ],
  [
    /intrinsic gas too high|block('s)? gas limit|gas limit (is )?too high|gas limit (reached|exceeded)/i,
    'gas-too-high',
  ],
  [/intrinsic ?gas|gas limit (is )?too low|floor data gas|requires at least \d+ gas/i, 'gas-too-low'],
  [
    /pool (is )?full|account limit exceeded|pool size constraints|in-flight transaction limit|identified as a spammer/i,
    'pool-full',
  ],
  [/rate.?limit|too many requests|request limit|capacity exceeded|\b429\b/i, 'rate-limited'],
  [/revert/i, 'reverted'],
];

/** @param message of the JSON-RPC error object */
export function classifySendError(message: string): SendResult {
  return WORDINGS.find(([wording]) => wording.test(message))?.[1] ?? 'unknown';
}
