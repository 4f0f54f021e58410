/** Criteria of the choice between endpoints. */
export interface Candidate {
  /** Null before the first block. */
  readonly head: number | null;
  /** Milliseconds. Null before the first probe. */
  readonly latencyMs: number | null;
}

/** Minimum lead in blocks of an endpoint that reads move to. */
const SWITCH_BLOCKS = 2;
/** Minimum factor by which it must be faster otherwise. */
const SWITCH_FACTOR = 2;
/** Minimum milliseconds by which it must be faster. Prevents flapping. */
const SWITCH_MS = 50;

/** Sorts by highest head, then lowest latency, then the given order. */
export function rankEndpoints<T extends Candidate>(candidates: readonly T[]): readonly T[] {
  return candidates.toSorted((a, b) => headOf(b) - headOf(a) || latencyOf(a) - latencyOf(b));
}

/** Returns the endpoint for reads: `current` unless another one is clearly better. Undefined for no candidates. */
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
