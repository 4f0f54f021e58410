/** A lane's nonces in the journal and on chain at one moment. */
export interface NonceObservation {
  /** Next nonce of the journal. Null for a lane that was never used. */
  readonly next: number | null;
  readonly openSlots: number;
  /** Number of the latest final block. Negative while no block is final. */
  readonly finalBlock: number;
  /** Transaction count at the final block. Null when unknown or not needed. */
  readonly final: number | null;
  readonly latest: number;
  readonly pending: number;
  /** Whether the node is behind a block in which the ledger knows a transaction of the lane. */
  readonly nodeBehind: boolean;
}

export type NonceComparison =
  /** The lane may sign with the journal's nonce. */
  | { readonly kind: 'in-sync' }
  /** The journal does not know the lane: it starts at the chain's nonce. */
  | { readonly kind: 'new-lane'; readonly nonce: number }
  /** The chain has final transactions that the journal does not know: backfill them first. */
  | { readonly kind: 'chain-ahead'; readonly nonce: number }
  /** The journal has nonces that the chain never used. A node that lags behind looks the same for a while. */
  | { readonly kind: 'journal-ahead'; readonly nonce: number; readonly detail: string }
  | { readonly kind: 'wait'; readonly detail: string };

/** @param lane EIP-55 address for the details */
export function compareNonces(lane: string, view: NonceObservation): NonceComparison {
  const { next, openSlots, latest, pending } = view;
  if (next === null) {
    return latest === pending ? { kind: 'new-lane', nonce: latest } : waitForPool(lane, view);
  }
  if (pending === next || (openSlots > 0 && pending < next)) return { kind: 'in-sync' };
  if (pending > next) return chainAhead(lane, next, view);
  return journalAhead(lane, next, view);
}

function chainAhead(lane: string, next: number, view: NonceObservation): NonceComparison {
  const { openSlots, finalBlock, final, latest, pending } = view;
  if (openSlots > 0) {
    const detail = `${lane}: the chain counts ${pending} transactions, the journal ${next}; ${openSlots} open slots are finalized first`;
    return { kind: 'wait', detail };
  }
  if (pending > latest) return waitForPool(lane, view);
  if (final === null || final < latest) {
    const detail = `${lane}: ${latest - next} transactions missing in the journal wait to be final (final block ${finalBlock})`;
    return { kind: 'wait', detail };
  }
  return { kind: 'chain-ahead', nonce: latest };
}

/** The transactions get mined or dropped. Only the holder of the key could do more. */
function waitForPool(lane: string, { latest, pending }: NonceObservation): NonceComparison {
  const detail =
    `${lane}: ${pending - latest} transactions missing in the journal are in the mempool. They are backfilled once they are ` +
    'final. If another program uses this key, stop it';
  return { kind: 'wait', detail };
}

function journalAhead(lane: string, next: number, view: NonceObservation): NonceComparison {
  const { final, latest, pending, nodeBehind } = view;
  const counts = `${lane}: the journal's next nonce is ${next}, the chain counts ${latest}`;
  if (nodeBehind) {
    const advice = "Check that CHAIN_ID's chain is the one the ledger was written on";
    return { kind: 'wait', detail: `${counts}; the node is behind what the ledger knows. ${advice}` };
  }
  if (pending !== latest) return { kind: 'wait', detail: `${counts} and ${pending} with its mempool` };
  if (final !== latest) return { kind: 'wait', detail: `${counts}, of which ${final ?? 0} are final` };
  return { kind: 'journal-ahead', nonce: latest, detail: `${counts}; checking again before the nonce is rolled back` };
}
