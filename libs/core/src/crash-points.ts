/** Places on the way of a message where a test may kill the process. Inert unless a test armed one. */
export const CRASH_POINTS = [
  'claimed',
  'parsed',
  'admitted',
  'simulated',
  'signed',
  'committed',
  'sent',
  'mined',
  'final',
  'settled',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed: { readonly point: CrashPoint; readonly crash: () => void } | null = null;

/** For tests only: `crash` runs when the way of a message reaches `point`. */
export function armCrashPoint(point: CrashPoint, crash: () => void): void {
  armed = { point, crash };
}

export function reached(point: CrashPoint): void {
  if (armed?.point === point) armed.crash();
}
