import type { ChainStateReader, LedgerStateReader } from '#core';
import type { Discrepancies } from './discrepancy-report.js';

/** What is compared, and how strictly. */
export interface VerificationScope {
  readonly ledger: LedgerStateReader;
  readonly chain: ChainStateReader;
  readonly chainId: number;
  /** Address of the contract that makes the tokens. */
  readonly contract: string;
  /** Addresses that are ours besides those of the ledger's lanes. */
  readonly signers: readonly string[];
  /**
   * True: nothing may be in flight, so whatever waits, is claimed, open or unsettled is a disagreement. False: the
   * service may be at work.
   */
  readonly quiescent: boolean;
  /** Whether the list of events must hold the event of every deployed job: only where nobody takes them out. */
  readonly eventsKept: boolean;
  /** Whether no producer pushes the same bytes twice: then one message in two places is a disagreement. */
  readonly distinctMessages: boolean;
}

/** One look at everything. */
export interface VerificationPass extends VerificationScope {
  readonly findings: Discrepancies;
  readonly head: { readonly latest: number; readonly final: number };
}
