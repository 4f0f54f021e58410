import { type Attempt, type DeploymentJob, type HoldError, type Slot, type TransactionKind, unixNow } from '#core';
import { type SendReport, type SendResult, SILENT_RESULTS } from '../../rpc/pool/send-result.js';

/** Refusals of a slot in a row, whatever its attempts were. */
export interface SlotRefusal {
  /** Of the last one. */
  readonly result: SendResult;
  /** The node's own, of the last one. */
  readonly words: string;
  readonly count: number;
}

/** A journalled transaction that is not final, with what this process knows about it beyond the journal. */
export interface OpenSlot {
  readonly nonce: number;
  readonly kind: TransactionKind;
  /** Wei. */
  readonly value: bigint;
  readonly jobs: readonly DeploymentJob[];
  attempts: readonly Attempt[];
  /** Monotonic milliseconds when the first attempt was signed. */
  readonly openedAt: number;
  /** The same of the newest attempt. */
  attemptedAt: number;
  /** Monotonic milliseconds of the last broadcast by this process; -Infinity when there was none. */
  sentAt: number;
  /** Null while the endpoints have not refused the slot since one of them took it. */
  refusal: SlotRefusal | null;
  /** What kept it from being replaced at the last look. */
  obstacle: HoldError | null;
  /** Whether an endpoint took an attempt, and none has denied since that it has one. */
  accepted: boolean;
  /** Hashes of the attempts of which a node may have the bytes: not those that every endpoint refused at every send. */
  readonly possiblySent: Set<string>;
  /** Hashes of the attempts that this process has sent. */
  readonly sent: Set<string>;
  /** Whether the newest attempt may not be sent yet, because the journal that it stands in is not safe enough. */
  awaitingReplication: boolean;
  /** Where its receipt was last seen; null while it is not mined. */
  minedBlockHash: string | null;
  /** Monotonic milliseconds when it was first seen there. */
  minedAt: number;
  /** Passes in a row that saw the nonce finally taken and no receipt of ours. */
  nonceTakenPasses: number;
}

/** What the transaction of a slot is about. */
export type SlotContent = Pick<OpenSlot, 'kind' | 'value' | 'jobs'>;

/** The open slots of one lane, lowest nonce first. */
export class OpenSlots {
  private slots: readonly OpenSlot[] = [];

  /**
   * @param sentAt monotonic milliseconds of the first broadcast; -Infinity for a slot of the journal, whose attempts may have been sent
   */
  add(slot: Slot, { kind, value, jobs }: SlotContent, sentAt: number): OpenSlot {
    const open: OpenSlot = {
      nonce: slot.nonce,
      kind,
      value,
      jobs,
      attempts: slot.attempts,
      openedAt: monotonic(slot.attempts[0]),
      attemptedAt: monotonic(slot.attempts.at(-1)),
      sentAt,
      refusal: null,
      obstacle: null,
      accepted: false,
      possiblySent: new Set(sentAt === -Infinity ? unrefused(slot.attempts).map(({ hash }) => hash) : []),
      sent: new Set(),
      awaitingReplication: false,
      minedBlockHash: null,
      minedAt: 0,
      nonceTakenPasses: 0,
    };
    this.slots = [...this.slots, open].toSorted((a, b) => a.nonce - b.nonce);
    return open;
  }

  remove(slot: OpenSlot): void {
    this.slots = this.slots.filter((other) => other !== slot);
  }

  get all(): readonly OpenSlot[] {
    return this.slots;
  }

  /** Those that no block holds yet: what a node keeps in its pool. */
  get unmined(): readonly OpenSlot[] {
    return this.slots.filter((slot) => slot.minedBlockHash === null);
  }
}

/** Returns the monotonic milliseconds when an attempt was signed; now, when the wall clock went back since. */
function monotonic(attempt: Attempt | undefined): number {
  const age = attempt === undefined ? 0 : unixNow() - attempt.signedAt;
  return performance.now() - Math.max(0, age);
}

/** Takes note of what the endpoints said to an attempt. */
export function recordSend(slot: OpenSlot, { hash }: Attempt, { result, words, refusedByAll }: SendReport): void {
  const isFirst = !slot.sent.has(hash);
  slot.sent.add(hash);
  if (!refusedByAll) slot.possiblySent.add(hash);
  else if (isFirst) slot.possiblySent.delete(hash);
  const isTaken = result === 'accepted' || result === 'already-known';
  if (isTaken) slot.accepted = true;
  else if (refusedByAll) slot.accepted = false;
  if (isTaken || result === 'nonce-too-low') slot.refusal = null;
  else if (!SILENT_RESULTS.has(result))
    slot.refusal = { result, words: words ?? '', count: (slot.refusal?.count ?? 0) + 1 };
}

/** Whether all endpoints refuse the slot, and none has an earlier attempt of it. */
export function isRefused(slot: OpenSlot): boolean {
  return slot.refusal !== null && !slot.accepted;
}

/** Whether no endpoint can have any bytes of the slot: then the next attempt may offer less, too. */
export function isNeverAccepted(slot: OpenSlot): boolean {
  return slot.possiblySent.size === 0;
}

/** Those of which a node may have the bytes. */
export function possiblySentAttempts(slot: OpenSlot): readonly Attempt[] {
  return slot.attempts.filter(({ hash }) => slot.possiblySent.has(hash));
}

/** All but those that were refused before another one was signed. */
function unrefused(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.slice(
    Math.max(
      0,
      attempts.findLastIndex(({ replacesRefused }) => replacesRefused === true),
    ),
  );
}

/** The attempt that was signed last: the one to send. */
export function latestAttempt(slot: { readonly attempts: readonly Attempt[] }): Attempt {
  const attempt = slot.attempts.at(-1);
  if (!attempt) throw new Error('a slot has at least one attempt');
  return attempt;
}
