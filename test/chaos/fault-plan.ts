import { COMMAND_TIMEOUT_MS, QUEUE_SETTINGS, WORKERS } from './chaos-settings.js';
import { SeededRandom } from '../support/seeded-random.js';

/** What goes wrong, and how often compared with the others. */
const WEIGHTS = {
  reset: 18,
  'cut request': 14,
  'cut reply': 18,
  'black hole': 8,
  'late delivery': 16,
  'slow link': 8,
  'kill worker': 8,
  'freeze worker': 6,
  'stop worker': 5,
  'kill redis': 3,
  'freeze redis': 2,
} as const;

export type FaultKind = keyof typeof WEIGHTS;

export const FAULT_KINDS = Object.keys(WEIGHTS) as readonly FaultKind[];

export interface Fault {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly kind: FaultKind;
  /** The worker it strikes, and that worker's connections; Redis faults strike all. */
  readonly worker: number;
  /** Milliseconds until it is over; for a cut, the bytes that still pass. */
  readonly magnitude: number;
}

const MEAN_GAP_MS = 200;

/** Least and most extent. */
const MAGNITUDES: Readonly<Record<FaultKind, readonly [number, number]>> = {
  reset: [0, 0],
  'cut request': [0, 1_500],
  'cut reply': [0, 1_500],
  'black hole': [COMMAND_TIMEOUT_MS * 1.2, COMMAND_TIMEOUT_MS * 4],
  'late delivery': [COMMAND_TIMEOUT_MS * 2, COMMAND_TIMEOUT_MS * 4.5],
  'slow link': [300, 1_500],
  'kill worker': [0, 500],
  'freeze worker': [QUEUE_SETTINGS.leaseDurationMs * 1.1, QUEUE_SETTINGS.leaseDurationMs * 3],
  'stop worker': [0, 500],
  'kill redis': [0, 1_000],
  'freeze redis': [COMMAND_TIMEOUT_MS * 0.5, COMMAND_TIMEOUT_MS * 4],
};

/** Every fault of a run, in order. The same seed and duration give the same plan. */
export function planFaults(seed: number, durationMs: number): readonly Fault[] {
  const dice = new SeededRandom(`faults ${seed}`);
  const faults: Fault[] = [];
  for (let at = dice.exponential(MEAN_GAP_MS); at < durationMs; at += dice.exponential(MEAN_GAP_MS)) {
    const kind = dice.weighted(WEIGHTS);
    const [least, most] = MAGNITUDES[kind];
    faults.push({ at, kind, worker: dice.between(0, WORKERS - 1), magnitude: dice.between(least, most) });
  }
  return faults;
}
