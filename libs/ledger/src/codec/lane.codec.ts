import type { Attempt, CommitResult, JournalResult, LaneOwner, LaneState, Slot } from '#core';
import { HashReader, parseJson, stringList } from './hash-reader.js';
import { LedgerCorruptedError } from './ledger.errors.js';
import { hashReply, integerReply, listReply, textListReply, textReply } from './reply.codec.js';

/** Encodes a slot as JSON lines: model ids, then attempts. A script appends an attempt without parsing. */
export function encodeSlot(slot: Slot): string {
  return [JSON.stringify(slot.modelIds), ...slot.attempts.map(encodeAttempt)].join('\n');
}

export function encodeAttempt(attempt: Attempt): string {
  return JSON.stringify({
    hash: attempt.hash,
    raw: attempt.raw,
    gasLimit: attempt.gasLimit.toString(),
    maxFeePerGas: attempt.maxFeePerGas.toString(),
    maxPriorityFeePerGas: attempt.maxPriorityFeePerGas.toString(),
    signedAt: attempt.signedAt,
    replacesRefused: attempt.replacesRefused,
    modelIds: attempt.modelIds,
  });
}

export function decodeSlot(nonce: number, text: string): Slot {
  const [modelIds, ...attempts] = text.split('\n');
  const models = stringList('slot', parseJson('slot', modelIds));
  if (attempts.length === 0) throw new LedgerCorruptedError('slot: no attempt');
  return {
    nonce,
    modelIds: models,
    attempts: attempts.map(decodeAttempt),
  };
}

function decodeAttempt(text: string): Attempt {
  const fields = HashReader.parse('attempt', text);
  return {
    hash: fields.text('hash'),
    raw: fields.text('raw'),
    gasLimit: fields.bigint('gasLimit'),
    maxFeePerGas: fields.bigint('maxFeePerGas'),
    maxPriorityFeePerGas: fields.bigint('maxPriorityFeePerGas'),
    signedAt: fields.integer('signedAt'),
    ...(fields.isAbsent('replacesRefused') ? {} : { replacesRefused: true }),
    ...(fields.isAbsent('modelIds') ? {} : { modelIds: fields.textList('modelIds') }),
  };
}

export function decodeLane(reply: unknown): LaneState {
  const [nextNonce, closedBlock, content] = listReply(reply);
  const slots: Slot[] = [];
  const unreadableSlots: string[] = [];
  for (const [nonce, text] of hashReply(content)) {
    try {
      slots.push(decodeSlot(integerIn(nonce), text));
    } catch (error) {
      if (!(error instanceof LedgerCorruptedError)) throw error;
      unreadableSlots.push(nonce);
    }
  }
  return {
    nextNonce: numberReply(nextNonce),
    closedBlock: numberReply(closedBlock),
    slots: slots.toSorted((a, b) => a.nonce - b.nonce),
    ...(unreadableSlots.length === 0 ? {} : { unreadableSlots: unreadableSlots.toSorted() }),
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
    case 'wrong-nonce':
      return { kind: 'wrong-nonce', nextNonce: numberReply(detail) };
    case 'jobs-taken':
      return { kind: 'jobs-taken', modelIds: textListReply(detail) };
    case 'circuit-open':
      return { kind: 'circuit-open' };
    default:
      return decodeJournalResult(kind);
  }
}

export function decodeJournalResult(reply: unknown): JournalResult {
  const kind = textReply(reply);
  switch (kind) {
    case 'committed':
    case 'fenced':
    case 'policy-changed':
    case 'over-budget':
      return { kind };
    default:
      throw new LedgerCorruptedError('reply');
  }
}

// Redis drops a trailing nil.
function numberReply(reply: unknown): number | null {
  return reply === null || reply === undefined ? null : integerIn(textReply(reply));
}

function integerIn(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new LedgerCorruptedError('number of a lane');
  return Number(text);
}
