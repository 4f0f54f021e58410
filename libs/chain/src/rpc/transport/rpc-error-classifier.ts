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
const RANGE_LIMIT = /\brange\b|more than \d+ results|batch size/i;

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
  [[-32601, -32004], /method .{0,200}(not (found|supported|available|allowed)|does not exist)/i, 'unsupported'],
  [
    [-32603, -32001, -32002],
    /internal (server )?error|pruned|is syncing|not (yet )?synced|upstream|no backend|service unavailable|temporarily|overloaded|server (is )?busy|timed? ?out/i,
    'broken',
  ],
];

export function classifyRpcError(error: RpcError): RpcErrorKind {
  if (lacksState(error)) return 'broken';
  if (isRevert(error) || RANGE_LIMIT.test(error.message)) return 'none';
  const found = RPC_ERROR_PATTERNS.find(
    ([codes, wording]) => codes.includes(error.code) || wording.test(error.message),
  );
  return found?.[2] ?? 'none';
}

/** Whether the node does not keep the state that it was asked for, so that asking again cannot help. */
export function lacksState(error: RpcError): boolean {
  return !isRevert(error) && MISSING_STATE.test(error.message);
}
