/** What journal and chain say about a lane's next nonce at one moment. */
export interface NonceObservation {
  /** The journal's; null for a lane that was never used. */
  readonly next: number | null;
  readonly openSlots: number;
  /** Number of the newest final block; negative on a young chain. */
  readonly finalBlock: number;
  /** Transactions of the account as of the final block; null where that is not known, or not asked for. */
  readonly final: number | null;
  readonly latest: number;
  readonly pending: number;
  /** Whether the node is behind a block in which the ledger knows a transaction of the lane. */
  readonly nodeBehind: boolean;
}

export type NonceComparison =
  /** The lane may sign with the journal's nonce. */
  | { readonly kind: 'agreed' }
  /** The lane is new to the journal: the chain says where it begins. */
  | { readonly kind: 'first'; readonly nonce: number }
  /** The chain is ahead, finally: what it did is to be taken in first. */
  | { readonly kind: 'more'; readonly nonce: number }
  /** The journal is ahead: its nonces were never used, or were lost. A lagging node looks the same for a while. */
  | { readonly kind: 'less'; readonly nonce: number; readonly detail: string }
  | { readonly kind: 'wait'; readonly detail: string };

/** @param lane EIP-55 address, for the details */
export function compareNonces(lane: string, view: NonceObservation): NonceComparison {
  const { next, openSlots, latest, pending } = view;
  if (next === null) {
    return latest === pending ? { kind: 'first', nonce: latest } : waitForPool(lane, view);
  }
  if (pending === next || (openSlots > 0 && pending < next)) return { kind: 'agreed' };
  if (pending > next) return chainAhead(lane, next, view);
  return journalAhead(lane, next, view);
}

function chainAhead(lane: string, next: number, view: NonceObservation): NonceComparison {
  const { openSlots, finalBlock, final, latest, pending } = view;
  if (openSlots > 0) {
    const detail = `${lane}: the chain counts ${pending} transactions, the journal ${next}; ${openSlots} open slots are settled first`;
    return { kind: 'wait', detail };
  }
  if (pending > latest) return waitForPool(lane, view);
  if (final === null || final < latest) {
    const detail = `${lane}: ${latest - next} transactions that the journal does not know wait to be final (final block ${finalBlock})`;
    return { kind: 'wait', detail };
  }
  return { kind: 'more', nonce: latest };
}

/** The node's pool can lose them, or a block take them; nobody but the holder of the key can do more. */
function waitForPool(lane: string, { latest, pending }: NonceObservation): NonceComparison {
  const detail =
    `${lane}: ${pending - latest} transactions that the journal does not know wait in the node's pool. They are taken in ` +
    'once they are final. If another program uses this key, stop it';
  return { kind: 'wait', detail };
}

function journalAhead(
  lane: string,
  next: number,
  { final, latest, pending, nodeBehind }: NonceObservation,
): NonceComparison {
  const said = `${lane}: the journal's next nonce is ${next}, the chain counts ${latest}`;
  if (nodeBehind)
    return {
      kind: 'wait',
      detail: `${said}; the node is behind what the ledger knows. Check that CHAIN_ID's chain is the one the ledger was written on`,
    };
  if (pending !== latest) return { kind: 'wait', detail: `${said} and ${pending} with those in its pool` };
  if (final !== latest) return { kind: 'wait', detail: `${said}, of which ${final ?? 0} are final` };
  return { kind: 'less', nonce: latest, detail: `${said}; looking again before the nonce goes back` };
}
