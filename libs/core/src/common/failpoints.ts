/**
 * Failpoints in the order of a message's lifecycle. A test arms one to kill the process there; the others do nothing.
 */
export const FAILPOINTS = [
  /** Lane acquired, journal not read. */
  'lane-acquired',
  /** Next nonce set from the chain. */
  'nonce-reset',
  /** Journal and chain agree; the lane may sign. */
  'recovered',
  'claimed',
  'parsed',
  'admitted',
  'simulated',
  /** The token exists; no transaction is needed. */
  'adopting',
  /** The event of an adopted token is published. */
  'adopted',
  'signed',
  'committed',
  'sent',
  /** A journaled transaction was rebroadcast. */
  'resent',
  /** A fee bump is journaled, not sent. */
  'bumped',
  /** A fee bump was sent. */
  'replaced',
  'mined',
  /** A foreign transaction took the nonce; the jobs left the slot. */
  'returned',
  'final',
  /** Event, acknowledgement and job are written; the process state is not updated. */
  'published',
  /** The job failed; its messages are still in processing. */
  'failed',
  'settled',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

let armed: { readonly point: Failpoint; readonly crash: () => void } | null = null;
let remainingPasses = 0;

/**
 * Runs `crash` when `point` is reached. For tests only.
 *
 * @param pass counts from 1; 2 skips the first pass
 */
export function armFailpoint(point: Failpoint, crash: () => void, pass = 1): void {
  armed = { point, crash };
  remainingPasses = pass;
}

/** Disarms every failpoint. */
export function disarmFailpoint(): void {
  armed = null;
}

export function failpoint(point: Failpoint): void {
  if (armed?.point !== point) return;
  remainingPasses -= 1;
  if (remainingPasses === 0) armed.crash();
}
