import { type RedisConnections, unwrapReply } from '#redis';
import type { StoredJobs } from './stored-jobs.js';

/** Jobs per step. */
const PAGE = 100;
/** A ledger with more unreadable jobs than that needs `ledger:verify`. */
const MAX_KNOWN = 100;

/** Looks at all jobs of an index, one page after the other, and again at those that it could not read. */
export class UnreadableJobScan {
  private above = '-inf';
  private known: readonly string[] = [];

  constructor(
    private readonly connections: RedisConnections,
    private readonly jobs: StoredJobs,
    private readonly index: string,
  ) {}

  /** Looks at the next page. Returns the model ids of the unreadable jobs that it knows by now. */
  async step(): Promise<readonly string[]> {
    const { http } = this.connections;
    const flat = await unwrapReply(http.zrangebyscore(this.index, this.above, '+inf', 'WITHSCORES', 'LIMIT', 0, PAGE));
    this.above = flat.length < 2 * PAGE ? '-inf' : `(${flat.at(-1)}`;
    const page = flat.filter((_, index) => index % 2 === 0);
    const found = await this.jobs.find([...new Set([...this.known, ...page])]);
    this.known = found
      .filter(({ unreadable }) => unreadable)
      .map(({ modelId }) => modelId)
      .slice(0, MAX_KNOWN);
    return this.known;
  }
}
