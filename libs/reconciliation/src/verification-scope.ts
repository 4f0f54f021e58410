import type { ChainStateReader, LedgerStateReader } from '#core';
import type { Discrepancies } from './discrepancy-report.js';

/** Scope and strictness of a verification. */
export interface VerificationScope {
  readonly ledger: LedgerStateReader;
  readonly chain: ChainStateReader;
  readonly chainId: number;
  /** Address of the token-deploying contract. */
  readonly contract: string;
  /** Where messages have their model id. Default: `model_id`. */
  readonly modelIdSource?: string;
  /** Own addresses other than the ledger's lanes. */
  readonly signers: readonly string[];
  /**
   * True reports every waiting, claimed, open or unsettled item as a discrepancy. Set it only when the service is
   * drained.
   */
  readonly quiescent: boolean;
  /** True when the event list must hold every event, because no consumer removes them. */
  readonly eventsKept: boolean;
  /** True when no producer sends identical bytes twice. Then a message in two places is a discrepancy. */
  readonly distinctMessages: boolean;
}

/** One pass over all checks. */
export interface VerificationPass extends VerificationScope {
  readonly findings: Discrepancies;
  readonly head: { readonly latest: number; readonly final: number };
}
