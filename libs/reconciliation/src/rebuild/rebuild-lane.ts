import type { AccountNonces, LaneState } from '#core';
import type { LaneOutcome, RebuildScope, RebuiltLane } from './rebuild-scope.js';

/** Lease of the command: longer than reading one lane, and short after a crash. */
const LEASE_MS = 15_000;

/** Sets a lane's next nonce from the chain when the chain is conclusive. */
export async function rebuildLane(scope: RebuildScope, lane: string, finalBlock: number): Promise<RebuiltLane> {
  const { journal, chain, dryRun, acceptChainNonce } = scope;
  const lease = dryRun ? null : await journal.acquire(lane, LEASE_MS);
  if (!dryRun && lease === null) return { lane, outcome: 'held', detail: 'a replica works with it' };
  try {
    const state = await journal.read(lane);
    const nonces = await chain.nonces(lane, finalBlock);
    const detail = detailOf(state, nonces);
    const outcome = decide(state, nonces, acceptChainNonce);
    if (outcome !== 'set' || lease === null) return { lane, outcome, detail };
    const set = await journal.resetNonce(lease, nonces.latest);
    return set ? { lane, outcome, detail } : { lane, outcome: 'held', detail: 'another process took it meanwhile' };
  } finally {
    if (lease) await journal.release(lease);
  }
}

function decide(
  { nextNonce, slots }: LaneState,
  { final, latest, pending }: AccountNonces,
  accept: boolean,
): LaneOutcome {
  if (nextNonce === latest && pending === latest) return 'right';
  if (slots.length > 0 || pending > latest) return 'waiting';
  if (nextNonce === null) return 'set';
  if (nextNonce > latest) return accept ? 'set' : 'ahead';
  return final !== null && final >= latest ? 'set' : 'waiting';
}

function detailOf({ nextNonce, slots }: LaneState, { latest, pending }: AccountNonces): string {
  return `journal ${nextNonce ?? 'empty'}, chain ${latest}, with waiting transactions ${pending}, open slots ${slots.length}`;
}
