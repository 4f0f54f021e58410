import {
  type Admission,
  type AdmissionRequest,
  type ClosedSlot,
  type DeploymentJob,
  DeploymentJobs,
  HoldError,
  type JobPage,
  type JobState,
  type JobUpdate,
  recordFingerprint,
  type CompletedJob,
} from '#core';
import { type QueueKeys, queueKeys } from '#queue';
import { type LuaScript, type RedisConnections, unwrapReply, type ScriptArgument } from '#redis';
import { decodeAdmission, decodeCompleted, decodeJob, encodeRequest, encodeUpdate } from '../codec/job.codec.js';
import { encodeCost } from '../codec/spend.codec.js';
import { hashReply, listReply, textReply } from '../codec/reply.codec.js';
import { LedgerCorruptedError } from '../codec/ledger.errors.js';
import { type LedgerKeys, ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/** Maximum page size. */
const MAX_PAGE = 500;

/**
 * The deployment jobs in Redis, without expiry. Repeats its idempotent scripts after a lost reply. All methods throw
 * `RedisUnavailableError` and `LedgerCorruptedError`.
 */
export class RedisDeploymentJobs extends DeploymentJobs {
  private readonly keys: LedgerKeys;
  private readonly queue: QueueKeys;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
    this.queue = queueKeys(options.queueName, { braced: options.braced ?? false });
  }

  override async admit(entries: readonly AdmissionRequest[]): Promise<readonly Admission[]> {
    const args = entries.flatMap(({ request, message, budget }) => [
      request.record.modelId,
      recordFingerprint(request.record),
      encodeRequest(request),
      message.lease,
      message.digest,
      request.producer ?? '',
      budget?.tokensPerHour ?? '',
      budget?.tokensPerDay ?? '',
    ]);
    const replies = listReply(await this.run(LUA.admit, [this.queue.inflight, this.queue.stalls], args));
    return entries.map(({ request }, i) => decodeAdmission(replies[i], request.record));
  }

  /** @throws HoldError when a job of the slot has no update; nothing is written then */
  override async complete(
    slot: ClosedSlot | null,
    verdicts: readonly JobUpdate[],
  ): Promise<readonly CompletedJob[] | null> {
    const reply = await this.run(LUA.settle, this.settleKeys(slot?.lease.lane), [
      ...(slot === null
        ? ['', '', '', '', '', '', '']
        : [this.options.owner, slot.lease.epoch, slot.lease.lane, slot.nonce, slot.block ?? '', ...encodeCost(slot)]),
      ...verdicts.flatMap(encodeUpdate),
    ]);
    const [outcome, ...settled] = listReply(reply);
    if (textReply(outcome) === 'fenced') return null;
    if (textReply(outcome) === 'unsettled')
      throw new HoldError(
        'ledger_unreadable',
        `the slot cannot close: its job of model ${textReply(settled[0])} cannot be read`,
      );
    return verdicts.map(({ modelId }, i) => decodeCompleted(settled[i], modelId));
  }

  override async find(modelId: string): Promise<DeploymentJob | null> {
    const hash = await unwrapReply(this.connections.commands.hgetall(this.keys.job(modelId)));
    const fields = Object.entries(hash);
    return fields.length === 0 ? null : decodeJob(new Map(fields));
  }

  /** Returns at most 500 jobs without the unreadable ones, which `ledger:verify` names; none for an unknown cursor. */
  override async list(page: {
    readonly limit: number;
    readonly state?: JobState;
    readonly cursor?: string;
  }): Promise<JobPage> {
    if (page.cursor !== undefined && !/^\d{1,16}$/.test(page.cursor)) return { items: [], nextCursor: null };
    const highest = page.cursor === undefined ? '+inf' : `(${page.cursor}`;
    const limit = Math.min(Math.max(page.limit, 1), MAX_PAGE);
    const reply = await this.run(LUA.listJobs, [this.keys.jobs(page.state)], [highest, limit]);
    const [last, ...jobs] = listReply(reply);
    return {
      items: jobs.flatMap((job) => decodeReadable(hashReply(job))),
      nextCursor: last === null ? null : textReply(last),
    };
  }

  private settleKeys(lane: string | undefined): readonly string[] {
    const { leases, inflight, processing, meta, stalls } = this.queue;
    const { deployedQueueName, deployedFullQueueName } = this.options;
    const events = [deployedQueueName, deployedFullQueueName ?? deployedQueueName];
    const keys = [leases, inflight, processing, meta, stalls, ...events];
    if (lane === undefined) return keys;
    return [...keys, this.keys.lane(lane), this.keys.slots(lane), this.keys.spent, this.keys.reserved];
  }

  private run(script: LuaScript, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return script.runIdempotent(this.connections.commands, keys, [this.keys.prefix, ...args]);
  }
}

/** One unreadable job must not hide the rest of its page. */
function decodeReadable(fields: ReadonlyMap<string, string>): readonly DeploymentJob[] {
  try {
    return [decodeJob(fields)];
  } catch (error) {
    if (!(error instanceof LedgerCorruptedError)) throw error;
    return [];
  }
}
