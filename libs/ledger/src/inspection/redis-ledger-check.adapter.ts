import { JOB_STATES, LedgerCheck, type WrongKey } from '#core';
import { type KeyType, queueKeys, queueKeyTypes } from '#queue';
import { type RedisConnections, unwrapReply } from '#redis';
import { ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { StoredJobs } from './stored-jobs.js';
import { UnreadableJobScan } from './unreadable-job-scan.js';

type CheckedKey = Omit<WrongKey, 'found'>;

/** Reads the types of all keys of queue and ledger, but for those of single models, replays and requests. */
export class RedisLedgerCheck extends LedgerCheck {
  private readonly shared: readonly CheckedKey[];
  private readonly keys;
  private readonly scans: readonly UnreadableJobScan[];

  constructor(
    private readonly connections: RedisConnections,
    options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
    const queue = queueKeys(options.queueName, { braced: options.braced ?? false });
    const events = [
      options.deployedQueueName,
      ...(options.deployedFullQueueName ? [options.deployedFullQueueName] : []),
    ];
    const types: readonly KeyType[] = [
      ...queueKeyTypes(queue),
      [`${queue.claims}:${options.owner}`, 'string'],
      ...events.map((key) => [key, 'list'] as const),
      [this.keys.jobs(), 'zset'],
      ...JOB_STATES.map((state) => [this.keys.jobs(state), 'zset'] as const),
      [this.keys.lanes, 'set'],
      ...[this.keys.policy, this.keys.spent, this.keys.reserved, this.keys.circuit].map(
        (key) => [key, 'hash'] as const,
      ),
      [this.keys.outcomes, 'zset'],
      [this.keys.producerTurns, 'hash'],
    ];
    this.shared = types.map(([key, expected]) => ({ key, expected, lane: null }));
    const jobs = new StoredJobs(connections, this.keys, queue.inflight);
    // Open jobs have an index of their own: a long ledger does not delay them.
    const indexes = [this.keys.jobs('admitted'), this.keys.jobs('submitted'), this.keys.jobs()];
    this.scans = indexes.map((index) => new UnreadableJobScan(connections, jobs, index));
  }

  override async findWrongKeys(): Promise<readonly WrongKey[]> {
    const wrong = await this.wrongOf(this.shared);
    if (wrong.some(({ key }) => key === this.keys.lanes)) return wrong;
    const lanes = await unwrapReply(this.connections.http.smembers(this.keys.lanes));
    return [...wrong, ...(await this.wrongOf(lanes.flatMap((lane) => this.keysOfLane(lane))))];
  }

  override async findUnreadableJobs(): Promise<readonly string[]> {
    const found = await Promise.all(this.scans.map(async (scan) => await scan.step()));
    return [...new Set(found.flat())].map((modelId) => this.keys.job(modelId));
  }

  private async wrongOf(checked: readonly CheckedKey[]): Promise<readonly WrongKey[]> {
    const { http } = this.connections;
    const types = await Promise.all(checked.map(({ key }) => unwrapReply(http.type(key))));
    return checked.flatMap((each, index) => {
      const found = types[index] ?? 'none';
      return found === 'none' || found === each.expected ? [] : [{ ...each, found }];
    });
  }

  private keysOfLane(lane: string): readonly CheckedKey[] {
    return [this.keys.lane(lane), this.keys.slots(lane)].map((key) => ({ key, expected: 'hash', lane }));
  }
}
