import { HoldError } from '#core';

/** Malformed data in the ledger. Names the place, never the content. Ends when the data is repaired. */
export class LedgerCorruptedError extends HoldError {
  constructor(what: string) {
    super('ledger_unreadable', `The ledger holds an unreadable ${what}`);
    this.name = 'LedgerCorruptedError';
  }
}
