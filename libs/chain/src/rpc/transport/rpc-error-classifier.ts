import { isRevert } from '../../backends/reverts.js';
import type { RpcError } from '../rpc.errors.js';

/**
 * Why a node returned an error for a valid read. `none`: the error is the result, such as a revert, and every node returns
 * it.
 *
 * - `throttled`: the node limits the request rate
 * - `behind`: the node does not have the block yet or has not indexed it
 * - `broken`: the node or its upstream fails
 * - `unsupported`: the node does not support the method
 */
export type RpcErrorKind = 'none' | 'throttled' | 'behind' | 'broken' | 'unsupported';

/** Matches range limits, which Besu and Infura return with the code for throttling. A retry needs a narrower range. */
const RANGE_LIMIT =
  /\branges?\b|more than \d+ results|\bblock .{0,20}(span|distance)|too many (blocks|logs|results)|\bmax(imum)?\b.{0,30}\bblocks\b/i;
/** Matches limits of the request rate and of plans of providers. */
export const RATE_LIMIT =
  /\brate.?limit|too many requests?|request (limit|count|rate)|(rps|throughput|capacity|quota|free tier).{0,20}(limit|exceed)|(exceed|reach).{0,40}(rps|throughput|capacity|quota|free tier|compute units)|\b429\b/i;
/** Matches a batch with too many calls or too large results. */
const TOO_LARGE =
  /\b(batch|response|payload|body|result|content)s?\b.{0,60}(too (large|big|long|many)|exceed|limit|max)|(too (large|big|long|many)|exceed|limit|max).{0,60}\b(batch|response|payload|body|result)/i;
const RATE = /\brate|second|minute|daily|quota|capacity|compute unit|credit/i;
/** Matches a call that cannot succeed although it does not revert. */
const ABOUT_THE_CALL =
  /insufficient (funds|balance)|gas required exceeds|out of gas|gas limit|intrinsic gas|fee cap|max fee|gas price|nonce|invalid opcode|invalid jump|stack (under|over)flow/i;
/** Matches unsupported block tags, such as `pending`. */
const UNSUPPORTED_TAG =
  /pending (state|block)\b.{0,40}not|(unsupported|unknown|invalid|bad) (block )?(tag|number|parameter)|block tag|\b(finalized|safe) block not found/i;

/** Matches pruned state: Geth by hash and by path, Erigon, Nethermind, Reth, Besu and providers. */
const MISSING_STATE =
  /missing trie node|state .{0,100}not available|(historical|world) state unavailable|not available due to pruning|no state available|state at block .{0,80}pruned|archive state/i;

/** The first match counts. Codes of JSON-RPC 2.0, EIP-1474 and EIP-1898; -39001 is Nethermind's. */
const RPC_ERROR_PATTERNS: readonly (readonly [codes: readonly number[], wording: RegExp, RpcErrorKind])[] = [
  [[-32005, 429], RATE_LIMIT, 'throttled'],
  [
    [-39001],
    /header (for hash )?not found|unknown block|block not found|BlockOutOfRange|beyond current head|indexing is in progress/i,
    'behind',
  ],
  [
    [-32601, -32004],
    /method .{0,200}(not (found|supported|available|allowed|enabled|whitelisted|permitted|implemented)|unimplemented|does not exist|disabled|blocked|forbidden|restricted)|(unsupported|unknown|forbidden|disallowed|no such) method|not allowed to access method/i,
    'unsupported',
  ],
  [
    [-32603, -32001, -32002],
    /internal (server )?error|pruned|is syncing|not (yet )?synced|upstream|no backend|service unavailable|temporarily|overloaded|server (is )?busy|timed? ?out/i,
    'broken',
  ],
];

export function classifyRpcError(error: RpcError): RpcErrorKind {
  if (isRevert(error)) return 'none';
  if (UNSUPPORTED_TAG.test(error.message)) return 'unsupported';
  if (lacksState(error)) return 'broken';
  if (RANGE_LIMIT.test(error.message) || isTooLarge(error)) return 'none';
  const found = RPC_ERROR_PATTERNS.find(
    ([codes, wording]) => codes.includes(error.code) || wording.test(error.message),
  );
  return found?.[2] ?? 'none';
}

/** Whether the error is the result of the call, which every node returns. Unknown error texts are not. */
export function isAnswer(error: RpcError): boolean {
  if (classifyRpcError(error) !== 'none') return false;
  const { message } = error;
  // Logs are asked for again in a narrower range; any other result has one size, and another endpoint may return it.
  const isLogLimit = RANGE_LIMIT.test(message) || (error.source.startsWith('eth_getLogs') && isTooLarge(error));
  return isRevert(error) || isLogLimit || ABOUT_THE_CALL.test(message);
}

/** Whether a smaller batch or a narrower range helps. Matches only the text: each provider has another code. */
function isTooLarge(error: RpcError): boolean {
  return !isRevert(error) && TOO_LARGE.test(error.message) && !RATE.test(error.message);
}

/** Whether the calls of a batch may succeed in smaller batches. */
export function isAboutBatch(error: RpcError): boolean {
  return isTooLarge(error) || (!isRevert(error) && /batch/i.test(error.message));
}

/** Whether the node has pruned the state, so that a retry does not help. */
export function lacksState(error: RpcError): boolean {
  return !isRevert(error) && MISSING_STATE.test(error.message);
}
