import { isRevert } from '../../backends/reverts.js';
import type { RpcError } from '../rpc.errors.js';

/**
 * Why a node answers a read with an error although the question is a good one; `none`: the error is the answer, such as
 * a revert, and every node would give it.
 *
 * - `throttled`: it wants to be left alone
 * - `behind`: it does not have the block yet, or has not indexed it
 * - `broken`: something is wrong in it or behind it
 * - `unsupported`: it does not offer the method
 */
export type RpcErrorKind = 'none' | 'throttled' | 'behind' | 'broken' | 'unsupported';

/** Said under the code for throttling (besu, Infura), but asking again cannot help: the caller must ask for less. */
const RANGE_LIMIT = /\brange\b|more than \d+ results/i;
/** Of a batch that has too many calls, or whose answers are too long together. */
const TOO_LARGE =
  /\b(batch|response|payload|body|result|content)s?\b.{0,60}(too (large|big|long|many)|exceed|limit|max)|(too (large|big|long|many)|exceed|limit|max).{0,60}\b(batch|response|payload|body|result)/i;
const RATE = /rate|second|minute|daily|quota|capacity|compute unit|credit/i;
/** Of a call that cannot succeed, although it does not revert. */
const ABOUT_THE_CALL =
  /insufficient (funds|balance)|gas required exceeds|out of gas|gas limit|intrinsic gas|fee cap|max fee|gas price|nonce|invalid opcode|invalid jump|stack (under|over)flow/i;
/** Of the tag `pending`, and others, on nodes that keep no such state. */
const UNSUPPORTED_TAG =
  /pending (state|block)\b.{0,40}not|(unsupported|unknown|invalid|bad) (block )?(tag|number|parameter)|block tag|\b(finalized|safe) block not found/i;

/** Of a block whose state the node has pruned: geth by hash and by path, erigon, nethermind, reth, besu, and providers. */
const MISSING_STATE =
  /missing trie node|state .{0,100}not available|(historical|world) state unavailable|not available due to pruning|no state available|state at block .{0,80}pruned|archive state/i;

/** The first match counts. Codes: JSON-RPC 2.0, EIP-1474, EIP-1898; -39001 is nethermind's. */
const RPC_ERROR_PATTERNS: readonly (readonly [codes: readonly number[], wording: RegExp, RpcErrorKind])[] = [
  [[-32005, 429], /rate.?limit|too many requests|compute units per second|request limit/i, 'throttled'],
  [
    [-39001],
    /header (for hash )?not found|unknown block|block not found|BlockOutOfRange|beyond current head|indexing is in progress/i,
    'behind',
  ],
  [
    [-32601, -32004],
    /method .{0,200}(not (found|supported|available|allowed|enabled|whitelisted|permitted)|does not exist|disabled|blocked|forbidden|restricted)|(unsupported|unknown|forbidden|disallowed) method/i,
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

/** Whether it is about the call, so that every other node would say it, too. Wordings that are not known are not. */
export function isAnswer(error: RpcError): boolean {
  if (classifyRpcError(error) !== 'none') return false;
  const { message } = error;
  return isRevert(error) || RANGE_LIMIT.test(message) || isTooLarge(error) || ABOUT_THE_CALL.test(message);
}

/** Whether fewer calls in one request, or a narrower range, would be answered. Codes are no help: each provider has another. */
export function isTooLarge(error: RpcError): boolean {
  return !isRevert(error) && TOO_LARGE.test(error.message) && !RATE.test(error.message);
}

/** Whether the node does not keep the state that it was asked for, so that asking again cannot help. */
export function lacksState(error: RpcError): boolean {
  return !isRevert(error) && MISSING_STATE.test(error.message);
}
