/** Malformed data in the ledger. Names the place, never the content. */
export class LedgerCorruptedError extends Error {
  constructor(what: string) {
    super(`The ledger holds an unreadable ${what}`);
    this.name = 'LedgerCorruptedError';
  }
}
