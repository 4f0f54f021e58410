import { type Attempt, type DeploymentJob, type HoldError, type Slot, type TransactionKind, unixNow } from '#core';
import { type SendReport, type SendResult, INCONCLUSIVE_RESULTS } from '../../rpc/pool/send-result.js';

/** Consecutive refusals of a slot, over all of its attempts. */
export interface SlotRefusal {
  /** Result of the last refusal. */
  readonly result: SendResult;
  /** Error text of the node, of the last refusal. */
  readonly words: string;
  readonly count: number;
}

/** A journaled transaction that is not final, with the broadcast state of this process. */
export interface OpenSlot {
  readonly nonce: number;
  readonly kind: TransactionKind;
  /** Wei. */
  readonly value: bigint;
  readonly jobs: readonly DeploymentJob[];
  attempts: readonly Attempt[];
  /** Monotonic milliseconds when the first attempt was signed. */
  readonly openedAt: number;
  /** Monotonic milliseconds when the latest attempt was signed. */
  attemptedAt: number;
  /** Monotonic milliseconds of the last broadcast by this process. -Infinity before the first. */
  sentAt: number;
  /** Null when the endpoints have not refused the slot since one accepted it. */
  refusal: SlotRefusal | null;
  /** Hold that prevented its replacement in the last pass. */
  obstacle: HoldError | null;
  /** Whether an endpoint accepted an attempt, and not all have refused one since. */
  accepted: boolean;
  /** Hashes of the attempts that a node may hold: all but those that every endpoint refused at every broadcast. */
  readonly possiblySent: Set<string>;
  /** Hashes of the attempts that this process has broadcast. */
  readonly sent: Set<string>;
  /** Whether the latest attempt waits until enough Redis replicas confirm its journal entry. */
  awaitingReplication: boolean;
  /** Hash of the block of the last seen receipt. Null while not mined. */
  minedBlockHash: string | null;
  /** When and at which head the receipts were last asked for, while the slot is not mined. Null: ask in the next pass. */
  asked: { readonly head: string; readonly at: number } | null;
  /** Number of the block of the last seen receipt, and the branch of the chain that had it. */
  minedOn: { readonly block: number; readonly branch: number } | null;
  /** Hash of the transaction whose outcome the circuit breaker has counted. Null before the first. */
  countedHash: string | null;
  /** Monotonic milliseconds when the receipt was first seen. */
  minedAt: number;
  /** Consecutive passes in which the nonce was finally used without a receipt of these attempts. */
  nonceTakenPasses: number;
}

interface RefusedSlot extends OpenSlot {
  refusal: SlotRefusal;
}

/** Content of a slot's transaction. */
export type SlotContent = Pick<OpenSlot, 'kind' | 'value' | 'jobs'>;

/** The open slots of one lane, lowest nonce first. */
export class OpenSlots {
  private slots: readonly OpenSlot[] = [];

  /**
   * @param sentAt monotonic milliseconds of the first broadcast; -Infinity for a journaled slot, whose attempts may have been
   *   broadcast
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
      countedHash: null,
      asked: null,
      minedOn: null,
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

  /** Slots that are not mined: those in the mempool. */
  get unmined(): readonly OpenSlot[] {
    return this.slots.filter((slot) => slot.minedBlockHash === null);
  }
}

/** Returns the monotonic milliseconds when an attempt was signed, or the current time when the wall clock was set back. */
function monotonic(attempt: Attempt | undefined): number {
  const age = attempt === undefined ? 0 : unixNow() - attempt.signedAt;
  return performance.now() - Math.max(0, age);
}

/** Records the result of a broadcast in the slot. */
export function recordSend(slot: OpenSlot, { hash }: Attempt, { result, words, refusedByAll }: SendReport): void {
  const isFirst = !slot.sent.has(hash);
  slot.sent.add(hash);
  if (!refusedByAll) slot.possiblySent.add(hash);
  else if (isFirst) slot.possiblySent.delete(hash);
  const isTaken = result === 'accepted' || result === 'already-known';
  if (isTaken) slot.accepted = true;
  else if (refusedByAll) slot.accepted = false;
  if (isTaken || result === 'nonce-too-low') slot.refusal = null;
  else if (!INCONCLUSIVE_RESULTS.has(result))
    slot.refusal = { result, words: words ?? '', count: (slot.refusal?.count ?? 0) + 1 };
}

/** Whether all endpoints refuse the slot and none holds an earlier attempt of it. */
export function isRefused(slot: OpenSlot): slot is RefusedSlot {
  return slot.refusal !== null && !slot.accepted;
}

/** Whether no endpoint can hold an attempt of the slot. Its next attempt may then offer less. */
export function isNeverAccepted(slot: OpenSlot): boolean {
  return slot.possiblySent.size === 0;
}

/** Returns the attempts that a node may hold. */
export function possiblySentAttempts(slot: OpenSlot): readonly Attempt[] {
  return slot.attempts.filter(({ hash }) => slot.possiblySent.has(hash));
}

/** Returns the attempts from the last one that replaced only refused ones. */
function unrefused(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.slice(
    Math.max(
      0,
      attempts.findLastIndex(({ replacesRefused }) => replacesRefused === true),
    ),
  );
}

/** Returns the attempt that was signed last, which is the one to broadcast. */
export function latestAttempt(slot: { readonly attempts: readonly Attempt[] }): Attempt {
  const attempt = slot.attempts.at(-1);
  if (!attempt) throw new Error('a slot has at least one attempt');
  return attempt;
}
