import type { CommitResult, LaneState, LaneOwner } from '#core';
import { hashReply, integerReply, listReply, textListReply, textReply } from './replies.js';
import { decodeSlot } from './slot-codec.js';
import { LedgerCorruptedError } from './ledger.errors.js';

export function decodeLane(reply: unknown): LaneState {
  const [nextNonce, closedBlock, slots] = listReply(reply);
  return {
    nextNonce: numberReply(nextNonce),
    closedBlock: numberReply(closedBlock),
    slots: [...hashReply(slots)]
      .map(([nonce, slot]) => decodeSlot(Number(nonce), slot))
      .toSorted((a, b) => a.nonce - b.nonce),
  };
}

export function decodeOwner(reply: unknown): LaneOwner | null {
  if (reply === null) return null;
  const [owner, epoch, leaseLeftMs] = listReply(reply);
  return { owner: textReply(owner), epoch: Number(textReply(epoch)), leaseLeftMs: integerReply(leaseLeftMs) };
}

export function decodeCommit(reply: unknown): CommitResult {
  const [kind, detail] = listReply(reply);
  switch (textReply(kind)) {
    case 'committed':
      return { kind: 'committed' };
    case 'fenced':
      return { kind: 'fenced' };
    case 'wrong-nonce':
      return { kind: 'wrong-nonce', nextNonce: numberReply(detail) };
    case 'jobs-taken':
      return { kind: 'jobs-taken', modelIds: textListReply(detail) };
    default:
      throw new LedgerCorruptedError('reply');
  }
}

// Redis drops a trailing nil.
function numberReply(reply: unknown): number | null {
  return reply === null || reply === undefined ? null : Number(textReply(reply));
}
