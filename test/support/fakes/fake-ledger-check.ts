import { LedgerCheck, type WrongKey } from '#core';

/** Finds what a test puts in `wrong`. */
export class FakeLedgerCheck extends LedgerCheck {
  wrong: readonly WrongKey[] = [];

  override async findWrongKeys(): Promise<readonly WrongKey[]> {
    return this.wrong;
  }
}
