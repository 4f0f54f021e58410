import { createHash } from 'node:crypto';
import { LedgerStateReader, type MessagePlace, type StoredJob, type StoredLane, type StoredLease } from '#core';
import { type QueueKeys, queueKeys } from '#queue';
import { type RedisConnections, unwrapReply } from '#redis';
import { ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { RedisLaneJournal } from '../lanes/redis-lane-journal.adapter.js';
import { fieldPages, listPages, memberPages } from './pages.js';
import { StoredJobs } from './stored-jobs.js';
import { StoredLanes } from './stored-lanes.js';

/** Elements per command; messages may be large. */
const PAGE = 200;

/** Reads queue and ledger with read-only commands. */
export class RedisLedgerStateReader extends LedgerStateReader {
  private readonly queue: QueueKeys;
  private readonly storedJobs: StoredJobs;
  private readonly storedLanes: StoredLanes;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    super();
    const keys = ledgerKeys(options);
    this.queue = queueKeys(options.queueName, { braced: options.braced ?? false });
    this.storedJobs = new StoredJobs(connections, keys, this.queue.inflight);
    this.storedLanes = new StoredLanes(new RedisLaneJournal(connections, options));
  }

  override jobs(): AsyncIterable<readonly StoredJob[]> {
    return this.storedJobs.all();
  }

  override async find(modelIds: readonly string[]): Promise<readonly StoredJob[]> {
    return await this.storedJobs.find(modelIds);
  }

  override async lanes(): Promise<readonly StoredLane[]> {
    return await this.storedLanes.all();
  }

  override messages(place: MessagePlace): AsyncIterable<readonly Uint8Array[]> {
    const { commands } = this.connections;
    return place === 'delayed' ? this.delayed() : listPages(commands, this.listOf(place), PAGE);
  }

  override async count(place: MessagePlace): Promise<number> {
    const { commands } = this.connections;
    return await unwrapReply(
      place === 'delayed' ? commands.zcard(this.queue.delayed) : commands.llen(this.listOf(place)),
    );
  }

  /** Leases with bytes first, then leases with an expiry only. */
  override async *leases(): AsyncIterable<readonly StoredLease[]> {
    const { commands } = this.connections;
    for await (const page of fieldPages(commands, this.queue.inflight, PAGE)) {
      if (page.length === 0) continue;
      const ends = await unwrapReply(
        commands.zmscore(
          this.queue.leases,
          page.map(([lease]) => lease),
        ),
      );
      yield page.map(([lease, bytes], index) => ({
        lease: lease.toString(),
        digest: createHash('sha1').update(bytes).digest('hex'),
        hasExpiry: (ends[index] ?? null) !== null,
      }));
    }
    for await (const page of memberPages(commands, this.queue.leases, PAGE)) {
      if (page.length === 0) continue;
      const bytes = await unwrapReply(commands.hmgetBuffer(this.queue.inflight, ...page));
      const bare = page.filter((_, index) => (bytes[index] ?? null) === null);
      yield bare.map((lease) => ({ lease: lease.toString(), digest: null, hasExpiry: true }));
    }
  }

  /** Events of the second list, where there is one: it holds every event with its id. */
  override async *events(): AsyncIterable<readonly string[]> {
    const { deployedQueueName, deployedFullQueueName } = this.options;
    for await (const page of listPages(this.connections.commands, deployedFullQueueName ?? deployedQueueName, PAGE)) {
      yield page.map((element) => element.toString('utf8'));
    }
  }

  /** A delayed member is `<lease>\n<bytes>`. */
  private async *delayed(): AsyncIterable<readonly Uint8Array[]> {
    for await (const page of memberPages(this.connections.commands, this.queue.delayed, PAGE)) {
      yield page.map((member) => member.subarray(member.indexOf('\n') + 1));
    }
  }

  private listOf(place: Exclude<MessagePlace, 'delayed'>): string {
    if (place === 'queue') return this.queue.main;
    return place === 'processing' ? this.queue.processing : this.queue.deadLetter;
  }
}
