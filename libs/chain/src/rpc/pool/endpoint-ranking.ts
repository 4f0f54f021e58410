/** What the choice between endpoints is made by. */
export interface Candidate {
  /** Null before the first block that it showed. */
  readonly head: number | null;
  /** Milliseconds; null before the first answer. */
  readonly latencyMs: number | null;
}

/** Another endpoint must be that many blocks ahead, … */
const SWITCH_BLOCKS = 2;
/** … or so many times as fast, … */
const SWITCH_FACTOR = 2;
/** … and by so much, before reads move to it: moving back and forth would cost more than it brings. */
const SWITCH_MS = 50;

/** Best first: highest head, then lowest latency, then the order they came in. */
export function rankEndpoints<T extends Candidate>(candidates: readonly T[]): readonly T[] {
  return candidates.toSorted((a, b) => headOf(b) - headOf(a) || latencyOf(a) - latencyOf(b));
}

/** Whom to read from: `current` as long as no other is clearly better. Undefined when there is nobody. */
export function pickEndpoint<T extends Candidate>(candidates: readonly T[], current: T | null): T | undefined {
  if (current === null || !candidates.includes(current)) return rankEndpoints(candidates)[0];
  const better = candidates.filter((other) => shouldSwitch(current, other));
  return rankEndpoints(better)[0] ?? current;
}

function shouldSwitch(current: Candidate, other: Candidate): boolean {
  const ahead = headOf(other) - headOf(current);
  if (ahead >= SWITCH_BLOCKS) return true;
  if (ahead < 0 || current.latencyMs === null || other.latencyMs === null) return false;
  return other.latencyMs * SWITCH_FACTOR <= current.latencyMs && current.latencyMs - other.latencyMs >= SWITCH_MS;
}

function headOf({ head }: Candidate): number {
  return head ?? -1;
}

function latencyOf({ latencyMs }: Candidate): number {
  return latencyMs ?? Number.MAX_VALUE;
}
