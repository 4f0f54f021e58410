/** What can happen to a slot that only a play with the right happenings at the right time brings about. */
export const TURNS = [
  'replacement',
  'offer at the cap',
  'an earlier attempt mined',
  'bytes sent again',
  'mined transaction lost in a reorganisation',
  'nonce taken by a foreign transaction',
  'open slots taken over',
  'transaction reverted',
] as const;
export type Turn = (typeof TURNS)[number];

/** Counts what really happened. */
export class Tally {
  private readonly counts = new Map<Turn, number>();

  add(turn: Turn, times = 1): void {
    this.counts.set(turn, this.of(turn) + times);
  }

  of(turn: Turn): number {
    return this.counts.get(turn) ?? 0;
  }

  addAll(other: Tally): void {
    for (const turn of TURNS) this.add(turn, other.of(turn));
  }
}
