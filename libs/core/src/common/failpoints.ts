/** Places on the way of a message, in its order, where a test may kill the process. Inert unless a test armed one. */
export const FAILPOINTS = [
  /** A lane was won; its journal is not read yet. */
  'lane-acquired',
  /** The next nonce was taken from the chain. */
  'nonce-reset',
  /** The journal agrees with the chain: the lane may sign. */
  'recovered',
  'claimed',
  'parsed',
  'admitted',
  'simulated',
  /** The token exists already: nothing is to be sent. */
  'adopting',
  /** The event of such a token is out. */
  'adopted',
  'signed',
  'committed',
  'sent',
  /** What stands in the journal was sent once more. */
  'resent',
  /** A replacement is in the journal, and not sent. */
  'bumped',
  /** A replacement was sent. */
  'replaced',
  'mined',
  /** Something else took the nonce; the jobs have let go of the slot. */
  'returned',
  'final',
  /** Event, acknowledgement and job are written; this process has not taken note of it. */
  'published',
  /** The job was given up; its messages are still in processing. */
  'failed',
  'settled',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

let armed: { readonly point: Failpoint; readonly crash: () => void } | null = null;
let remainingPasses = 0;

/**
 * For tests only: `crash` runs when the way of a message reaches `point`.
 *
 * @param pass counts from 1: 2 lets the first pass through
 */
export function armFailpoint(point: Failpoint, crash: () => void, pass = 1): void {
  armed = { point, crash };
  remainingPasses = pass;
}

/** From now on nothing happens at any point. */
export function disarmFailpoint(): void {
  armed = null;
}

export function failpoint(point: Failpoint): void {
  if (armed?.point !== point) return;
  remainingPasses -= 1;
  if (remainingPasses === 0) armed.crash();
}
