import { JOB_STATES, type StoredJob } from '#core';
import type { RedisConnections } from '#redis';
import { decodeJob } from '../codec/job.codec.js';
import { hashReply, integerReply, listReply } from '../codec/reply.codec.js';
import { LedgerCorruptedError } from '../codec/ledger.errors.js';
import type { LedgerKeys } from '../ledger-keys.js';
import { LUA } from '../lua-scripts.js';
import { scorePages } from './pages.js';

/** Jobs per script call; blocks Redis for a few hundred microseconds. */
const PAGE = 100;

/** Reads jobs and their index entries. */
export class StoredJobs {
  constructor(
    private readonly connections: RedisConnections,
    private readonly keys: LedgerKeys,
    private readonly inflight: string,
  ) {}

  /** Yields jobs of the main index, oldest first, then jobs that only a state index contains. */
  async *all(): AsyncIterable<readonly StoredJob[]> {
    for await (const page of this.named(this.keys.jobs())) yield page;
    for (const state of JOB_STATES) {
      for await (const page of this.named(this.keys.jobs(state))) yield page.filter(({ listed }) => !listed);
    }
  }

  async find(modelIds: readonly string[]): Promise<readonly StoredJob[]> {
    const found: StoredJob[] = [];
    for (let start = 0; start < modelIds.length; start += PAGE) {
      found.push(...(await this.read(modelIds.slice(start, start + PAGE))));
    }
    return found;
  }

  private async *named(index: string): AsyncIterable<readonly StoredJob[]> {
    for await (const members of scorePages(this.connections.commands, index, PAGE)) {
      yield await this.read(members.map((member) => member.toString('utf8')));
    }
  }

  private async read(modelIds: readonly string[]): Promise<readonly StoredJob[]> {
    if (modelIds.length === 0) return [];
    const args = [this.keys.prefix, JOB_STATES.length, ...JOB_STATES, ...modelIds];
    const reply = await LUA.readJobs.runIdempotent(this.connections.commands, [this.keys.jobs(), this.inflight], args);
    const answers = listReply(reply);
    return modelIds.map((modelId, index) => decodeStored(modelId, answers[index]));
  }
}

function decodeStored(modelId: string, reply: unknown): StoredJob {
  const [hash, listed, named, hasMessage] = listReply(reply);
  const marks = listReply(named).map(integerReply);
  return {
    modelId,
    ...readJob(hash),
    listed: integerReply(listed) === 1,
    indexedAs: JOB_STATES.filter((_, index) => marks[index] === 1),
    hasMessage: integerReply(hasMessage) === 1,
  };
}

function readJob(reply: unknown): Pick<StoredJob, 'job' | 'unreadable'> {
  try {
    const hash = hashReply(reply);
    return { job: hash.size === 0 ? null : decodeJob(hash), unreadable: false };
  } catch (error) {
    if (!(error instanceof LedgerCorruptedError)) throw error;
    return { job: null, unreadable: true };
  }
}
