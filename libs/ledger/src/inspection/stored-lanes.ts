import type { LaneJournal, LaneState, StoredLane } from '#core';
import { LedgerCorruptedError } from '../codec/ledger.errors.js';

/** Reads all lanes ever acquired. */
export class StoredLanes {
  constructor(private readonly journal: Pick<LaneJournal, 'addresses' | 'read'>) {}

  async all(): Promise<readonly StoredLane[]> {
    const addresses = await this.journal.addresses();
    return await Promise.all(addresses.map(async (address) => ({ address, state: await this.stateOf(address) })));
  }

  private async stateOf(address: string): Promise<LaneState | null> {
    try {
      return await this.journal.read(address);
    } catch (error) {
      if (!(error instanceof LedgerCorruptedError)) throw error;
      return null;
    }
  }
}
