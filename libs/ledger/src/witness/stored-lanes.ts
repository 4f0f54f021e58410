import { type LaneState, LaneJournal, type StoredLane } from '#core';
import { type RedisConnections, replyOf } from '#redis';
import { UnreadableLedger } from '../codec/unreadable-ledger.js';
import type { LedgerKeys } from '../ledger-keys.js';

/** Reads the lanes that were ever taken. */
export class StoredLanes {
  constructor(
    private readonly connections: RedisConnections,
    private readonly keys: LedgerKeys,
    private readonly journal: Pick<LaneJournal, 'read'>,
  ) {}

  async all(): Promise<readonly StoredLane[]> {
    const addresses = await replyOf(this.connections.commands.smembers(this.keys.lanes));
    return await Promise.all(addresses.toSorted().map(async (address) => await this.read(address)));
  }

  private async read(address: string): Promise<StoredLane> {
    const { commands } = this.connections;
    const expiresAt = await replyOf(commands.hget(this.keys.lane(address), 'expiresAt'));
    const [seconds] = await replyOf(commands.time());
    const held = expiresAt !== null && Number(expiresAt) > Number(seconds) * 1_000;
    return { address, state: await this.stateOf(address), held };
  }

  private async stateOf(address: string): Promise<LaneState | null> {
    try {
      return await this.journal.read(address);
    } catch (error) {
      if (!(error instanceof UnreadableLedger)) throw error;
      return null;
    }
  }
}
