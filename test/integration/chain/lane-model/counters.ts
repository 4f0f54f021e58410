/** What can happen to a slot that only a play with the right happenings at the right time brings about. */
export const COUNTED_EVENTS = [
  'replacement',
  'offer at the cap',
  'an earlier attempt mined',
  'bytes sent again',
  'mined transaction lost in a reorganisation',
  'nonce taken by a foreign transaction',
  'open slots taken over',
  'transaction reverted',
] as const;
export type CountedEvent = (typeof COUNTED_EVENTS)[number];

/** Counts what really happened. */
export class Counters {
  private readonly counts = new Map<CountedEvent, number>();

  add(turn: CountedEvent, times = 1): void {
    this.counts.set(turn, this.of(turn) + times);
  }

  of(turn: CountedEvent): number {
    return this.counts.get(turn) ?? 0;
  }

  addAll(other: Counters): void {
    for (const turn of COUNTED_EVENTS) this.add(turn, other.of(turn));
  }
}
