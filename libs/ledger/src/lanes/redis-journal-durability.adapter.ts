import { type Durability, JournalDurability, type LaneLease } from '#core';
import type { RedisConnections } from '#redis';
import { integerReply } from '../codec/reply.codec.js';
import { type LedgerKeys, ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/**
 * Waits for replicas with WAIT (https://redis.io/docs/latest/commands/wait/), on its own connection. Does nothing
 * without required replicas. Throws `RedisUnavailableError`.
 */
export class RedisJournalDurability extends JournalDurability {
  private readonly keys: LedgerKeys;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
  }

  override async ensureReplicated({ lane, epoch }: LaneLease, nonce: number, hash: string): Promise<Durability> {
    const { owner, replicas } = this.options;
    if (!replicas || replicas.count === 0) return 'secured';
    const { reply, replicas: reached } = await LUA.secureAttempt.runReplicated(
      this.connections.replication,
      [this.keys.lane(lane), this.keys.slots(lane)],
      [owner, epoch, nonce, hash],
      replicas,
    );
    if (integerReply(reply) === 0) return 'gone';
    return reached >= replicas.count ? 'secured' : 'replicas-missing';
  }
}
