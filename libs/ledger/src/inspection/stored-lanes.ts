import { HoldError, type LaneJournal, type LaneState, type StoredLane } from '#core';

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
      if (!(error instanceof HoldError) || error.reason !== 'ledger_unreadable') throw error;
      return null;
    }
  }
}
