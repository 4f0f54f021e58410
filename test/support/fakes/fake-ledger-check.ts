import { LedgerCheck, type WrongKey } from '#core';

/** Finds what a test puts in `wrong` and `unreadable`. */
export class FakeLedgerCheck extends LedgerCheck {
  wrong: readonly WrongKey[] = [];
  unreadable: readonly string[] = [];

  override async findWrongKeys(): Promise<readonly WrongKey[]> {
    return this.wrong;
  }

  override async findUnreadableJobs(): Promise<readonly string[]> {
    return this.unreadable;
  }
}
