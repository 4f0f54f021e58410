import { type ChainJob, JobRestoration, recordFingerprint, type Restoration, type RestorationOptions } from '#core';
import type { RedisConnections } from '#redis';
import { listReply, textReply } from '../codec/reply.codec.js';
import { encodeRequest, encodeToken } from '../codec/job.codec.js';
import { LedgerCorruptedError } from '../codec/ledger.errors.js';
import { type LedgerKeys, ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/** Jobs per script call; blocks Redis for about 1 ms. */
const PAGE = 50;
const RESTORATIONS: readonly Restoration[] = ['restored', 'present', 'open', 'differs'];

/** Restores jobs in Redis, page by page. Throws `RedisUnavailableError`. */
export class RedisJobRestoration extends JobRestoration {
  private readonly keys: LedgerKeys;

  constructor(
    private readonly connections: RedisConnections,
    options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
  }

  override async restore(jobs: readonly ChainJob[], options: RestorationOptions = {}): Promise<readonly Restoration[]> {
    const outcomes: Restoration[] = [];
    for (let start = 0; start < jobs.length; start += PAGE) {
      outcomes.push(...(await this.restorePage(jobs.slice(start, start + PAGE), options)));
    }
    return outcomes;
  }

  private async restorePage(
    jobs: readonly ChainJob[],
    { dryRun = false, publishedAs = () => '' }: RestorationOptions,
  ): Promise<readonly Restoration[]> {
    const args = jobs.flatMap(({ request, token }) => {
      const { modelId } = request.record;
      const fingerprint = recordFingerprint(request.record);
      return [modelId, fingerprint, encodeRequest(request), encodeToken(token), publishedAs(modelId)];
    });
    const keys = [this.keys.jobs()];
    const reply = await LUA.restoreJobs.runIdempotent(this.connections.commands, keys, [
      this.keys.prefix,
      dryRun ? 0 : 1,
      ...args,
    ]);
    return listReply(reply).map(restorationReply);
  }
}

function restorationReply(reply: unknown): Restoration {
  const text = textReply(reply);
  const found = RESTORATIONS.find((outcome) => outcome === text);
  if (found === undefined) throw new LedgerCorruptedError('reply');
  return found;
}
