/**
 * What a node says when it is given a signed transaction. Everything but a plain acceptance means *maybe sent*: the
 * transaction stays in the journal and the same bytes are sent again (J3).
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

/** What the endpoints say together to signed bytes. */
export interface SendReport {
  readonly result: SendResult;
  /** The words of the node that refused, for people: one line, bounded, without secrets. Null without a refusal. */
  readonly words: string | null;
  /** Whether every endpoint definitely refused these bytes, so that none of them can have kept them. */
  readonly refusedByAll: boolean;
}

/**
 * Results after which the node has certainly not kept the bytes. Not among them: an error without a known meaning may follow
 * an acceptance, and a nonce that is taken may be taken by these very bytes.
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

/** Results that are no word about the transaction. */
export const SILENT_RESULTS: ReadonlySet<SendResult> = new Set(['unavailable', 'rate-limited']);

/** Wordings of geth, bor, bsc, nethermind, besu, erigon, reth, anvil and hardhat; the first match counts. */
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
