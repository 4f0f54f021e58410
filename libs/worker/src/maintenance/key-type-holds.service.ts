import { Injectable } from '@nestjs/common';
import { HoldRegistry, LedgerCheck, type WrongKey } from '#core';

const JOBS = 'stored jobs';
const SHOWN = 5;

/** Sets the hold `ledger_unreadable` while a key has the wrong type, of the queue or of single lanes, or a job is malformed. */
@Injectable()
export class KeyTypeHolds {
  private lanes: readonly string[] = [];

  constructor(
    private readonly ledger: LedgerCheck,
    private readonly holds: HoldRegistry,
  ) {}

  async check(): Promise<void> {
    const wrong = await this.ledger.findWrongKeys();
    const shared = wrong.filter(({ lane }) => lane === null);
    if (shared.length > 0) this.holds.set('ledger_unreadable', shared.map(describe).join('; '));
    else {
      this.holds.clear('ledger_unreadable');
      await this.checkJobs();
    }
    const lanes = [...new Set(wrong.flatMap(({ lane }) => lane ?? []))];
    for (const lane of lanes) {
      const keys = wrong.filter((each) => each.lane === lane);
      this.holds.report(sourceOf(lane), 'ledger_unreadable', keys.map(describe).join('; '), lane);
    }
    for (const lane of this.lanes) if (!lanes.includes(lane)) this.holds.withdraw(sourceOf(lane));
    this.lanes = lanes;
  }

  private async checkJobs(): Promise<void> {
    const keys = await this.ledger.findUnreadableJobs();
    if (keys.length === 0) return this.holds.withdraw(JOBS);
    const more = keys.length > SHOWN ? `, and ${keys.length - SHOWN} more` : '';
    const named = `${keys.slice(0, SHOWN).join(', ')}${more}`;
    this.holds.report(JOBS, 'ledger_unreadable', `unreadable jobs, repair or delete them: ${named}`);
  }
}

function sourceOf(lane: string): string {
  return `keys of ${lane}`;
}

function describe({ key, found, expected }: WrongKey): string {
  return `Redis key ${key} is a ${found}; the service needs a ${expected} there`;
}
