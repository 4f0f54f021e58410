import { RATE_LIMIT } from '../transport/rpc-error-classifier.js';

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

/** Error texts of nodes and chains, in words (see `inWords`). The first match counts. */
const WORDINGS: readonly (readonly [RegExp, SendResult])[] = [
  [
    /replacement (transaction )?(fee )?(too low|underpriced|not allowed)|replace existing|tries to replace|replace by fee|not replaced|too low priority|to bump transaction|another transaction with same nonce/i,
    'replacement-underpriced',
  ],
  [
    /already (known|imported)|known transaction|already (exists )?in (the )?(mempool|mpool|cache|system)|existing txn? with same hash/i,
    'already-known',
  ],
  [
    /nonce (is )?too low|old nonce|nonce (has )?already (been )?used|below (sender )?account nonce|invalid transaction nonce|\bstale\)/i,
    'nonce-too-low',
  ],
  [/nonce (is )?too (high|far|distant)|nonce gap|gapped nonce|\bfuture\)/i, 'nonce-too-high'],
  [
    /insufficient (sender )?(funds|balance)|insufficient max fee per gas for sender balance|enough (funds|balance)|up ?front cost .{0,200}balance|cause overdraft/i,
    'insufficient-funds',
  ],
  [
    /(less|lower) than (the )?(block |tx )?base ?fee|below (current )?base ?fee|fee cap less than|is too low for the next block|miner premium is negative/i,
    'fee-below-base',
  ],
  [/exceeds the configured cap|tx fee cap|(tx|transaction) fee ?cap exceeded/i, 'fee-above-limit'],
  [
    /underpriced|gas ?price .{0,40}(too low|below|less than|lower than)|fees? ?too low|insufficient fees?\b|(tip|priority fee( per gas)?)( cap)? .{0,200}(too low|below|less than|minimum)|(fee ?cap|max fee per gas) .{0,40}(too low|below|lower than)|minim(al|um) (gas ?price|global fee)|unit price/i,
    'underpriced',
  ],
  [
    /intrinsic gas too high|block('s)? gas limit|gas limit (is )?too high|gas limit (reached|exceed)|exceeds current gas limit|greater than the allowed max/i,
    'gas-too-high',
  ],
  [
    /intrinsic gas|gas limit (is )?too low|floor data gas|requires at least \d+ gas|not enough gas|out of gas|gas required exceeds/i,
    'gas-too-low',
  ],
  [
    /(pool|queue) (is )?full|account (limit|slots) exceeded|pool size constraints|in flight transaction limit|\bspammer\b|too many (pending|transactions)|immediately dropped/i,
    'pool-full',
  ],
  [RATE_LIMIT, 'rate-limited'],
  [/revert/i, 'reverted'],
];

/** @param message of the JSON-RPC error object */
export function classifySendError(message: string): SendResult {
  const words = inWords(message);
  return WORDINGS.find(([wording]) => wording.test(words))?.[1] ?? 'unknown';
}

/** Separates the words of names: clients answer `NONCE_TOO_LOW`, `NonceTooLow` or a sentence. */
function inWords(message: string): string {
  return message.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').replaceAll(/[_-]+/g, ' ');
}
