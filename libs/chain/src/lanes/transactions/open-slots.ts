import type { Attempt, DeploymentJob, Slot, TransactionKind } from '#core';

/** A journalled transaction that is not final, with what this process knows about it beyond the journal. */
export interface OpenSlot {
  readonly nonce: number;
  readonly kind: TransactionKind;
  /** Wei. */
  readonly value: bigint;
  readonly jobs: readonly DeploymentJob[];
  attempts: readonly Attempt[];
  /** Unix milliseconds of the last broadcast by this process; 0 when there was none. */
  sentAt: number;
  /** Whether a node refused the newest attempt because it offers too little. */
  underpriced: boolean;
  /** Whether the newest attempt may not be sent yet, because the journal that it stands in is not safe enough. */
  awaitingReplication: boolean;
  /** Where its receipt was last seen; null while it is not mined. */
  minedBlockHash: string | null;
  /** Unix milliseconds when it was first seen there. */
  minedAt: number;
  /** Passes in a row that saw the nonce finally taken and no receipt of ours. */
  nonceTakenPasses: number;
}

/** What the transaction of a slot is about. */
export type SlotContent = Pick<OpenSlot, 'kind' | 'value' | 'jobs'>;

/** The open slots of one lane, lowest nonce first. */
export class OpenSlots {
  private slots: readonly OpenSlot[] = [];

  add(slot: Slot, { kind, value, jobs }: SlotContent, sentAt: number): OpenSlot {
    const open = {
      nonce: slot.nonce,
      kind,
      value,
      jobs,
      attempts: slot.attempts,
      sentAt,
      underpriced: false,
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

/** The attempt with the highest fee: the one to send. */
export function latestAttempt(slot: { readonly attempts: readonly Attempt[] }): Attempt {
  const attempt = slot.attempts.at(-1);
  if (!attempt) throw new Error('a slot has at least one attempt');
  return attempt;
}
