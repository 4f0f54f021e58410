/**
 * Result of a broadcast. Every result but `accepted` means *maybe sent*: the transaction stays in the journal and the same
 * bytes are broadcast again (J3).
 */
export const SEND_RESULTS = [
  'accepted',
  'already-known',
  'nonce-too-low',
  'nonce-too-high',
  'replacement-underpriced',
  'underpriced',
  'fee-below-base',
  'fee-above-limit',
  'insufficient-funds',
  'gas-too-low',
  'gas-too-high',
  'pool-full',
  'rate-limited',
  'reverted',
  'unavailable',
  'unknown',
] as const;
export type SendResult = (typeof SEND_RESULTS)[number];

/** Combined result of a broadcast to all endpoints. */
export interface SendReport {
  readonly result: SendResult;
  /** Quoted error text of a node that refused: one bounded line, without secrets. Null without a refusal. */
  readonly words: string | null;
  /** Whether every endpoint definitely refused the bytes, so that no node can hold them. */
  readonly refusedByAll: boolean;
}

/**
 * Results after which a node certainly does not hold the bytes. Excludes unknown errors, which may follow an acceptance, and
 * `nonce-too-low`, as these very bytes may have used the nonce.
 */
export const DEFINITE_REFUSALS: ReadonlySet<SendResult> = new Set([
  'nonce-too-high',
  'underpriced',
  'fee-below-base',
  'fee-above-limit',
  'insufficient-funds',
  'gas-too-low',
  'gas-too-high',
  'pool-full',
  'reverted',
]);

/** Results that say nothing about the transaction. */
export const INCONCLUSIVE_RESULTS: ReadonlySet<SendResult> = new Set(['unavailable', 'rate-limited']);

/** Error texts of Geth, Bor, BSC, Nethermind, Besu, Erigon, Reth, Anvil and Hardhat. The first match counts. */
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
    /underpriced|gas ?price (is )?(too low|below|less than)|fee ?too ?low|(tip|priority ?fee(PerGas)?)( cap)? .{0,200}(too low|below|less than|minimum)|feeCap \d+ below/i,
    'underpriced',
  ],
  [
    /intrinsic gas too high|block('s)? gas limit|gas limit (is )?too high|gas limit (reached|exceeded)/i,
    'gas-too-high',
  ],
  [
    /intrinsic ?gas|gas ?limit (is )?too ?low|floor data gas|requires at least \d+ gas|not enough gas|out ?of ?gas|gas required exceeds/i,
    'gas-too-low',
  ],
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
