import { homeArguments, type QueueHome, queueKeys } from '#queue';
import { type RedisConnections, unwrapReply } from '#redis';
import { integerReply, listReply, textReply } from '../codec/reply.codec.js';
import { LedgerCorruptedError } from '../codec/ledger.errors.js';
import { ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/** What a queue is pinned to. */
export interface PinnedHome {
  readonly chainId: number;
  /** Lower case. */
  readonly contract: string;
  /** Null where an older version pinned the queue. */
  readonly modelIdSource: string | null;
}

export type MoveResult =
  | { readonly kind: 'moved' }
  /** Another command moved the queue in between. */
  | { readonly kind: 'changed' }
  /** So many jobs are in a transaction of the former home. */
  | { readonly kind: 'open'; readonly jobs: number };

/** Reads the home of a queue and moves it. Throws `RedisUnavailableError`. */
export class RedisQueueHome {
  private readonly keys;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    this.keys = queueKeys(options.queueName, { braced: options.braced ?? false });
  }

  /** Null before the first claim. */
  async read(): Promise<PinnedHome | null> {
    const [chainId, contract, modelIdSource = null] = await unwrapReply(
      this.connections.commands.hmget(this.keys.home, 'chain_id', 'contract', 'model_id_source'),
    );
    return chainId && contract ? { chainId: Number(chainId), contract, modelIdSource } : null;
  }

  async move(from: PinnedHome, to: QueueHome): Promise<MoveResult> {
    const submitted = ledgerKeys({ ...this.options, ...from }).jobs('submitted');
    const [kind, jobs] = listReply(
      await LUA.moveHome.runIdempotent(
        this.connections.commands,
        [this.keys.home, this.keys.formerHomes, submitted],
        [from.chainId, from.contract, ...homeArguments(to)],
      ),
    );
    switch (textReply(kind)) {
      case 'moved':
        return { kind: 'moved' };
      case 'changed':
        return { kind: 'changed' };
      case 'open':
        return { kind: 'open', jobs: integerReply(jobs) };
      default:
        throw new LedgerCorruptedError('reply');
    }
  }
}
