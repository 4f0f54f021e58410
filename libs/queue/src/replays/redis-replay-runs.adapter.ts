import { randomUUID } from 'node:crypto';
import {
  HoldError,
  type OperatorAction,
  type ReplayedEntry,
  type ReplayLease,
  type ReplayRequest,
  type ReplayRun,
  ReplayRuns,
  type ReplayState,
  type ReplayStep,
  type StartResult,
  type StepResult,
} from '#core';
import { LuaScript, type RedisConnections, unwrapReply } from '#redis';
import { auditArguments } from '../audit-trail/audit-arguments.js';
import { type QueueKeys, queueKeys, replayKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { readRun, readEntry } from './replay.codec.js';
import { ReplaySteps } from './replay-steps.js';
import { fields, list, text, UnexpectedReplyError } from '../replies.js';

const CLOCK = new URL('../lua/clock.lua', import.meta.url);
const AUDIT = new URL('../lua/audit.lua', import.meta.url);
const START = new LuaScript(CLOCK, AUDIT, new URL('../lua/replay-start.lua', import.meta.url));
const TAKE_OVER = new LuaScript(CLOCK, new URL('../lua/replay-adopt.lua', import.meta.url));
const END = new LuaScript(CLOCK, new URL('../lua/replay-end.lua', import.meta.url));
const RELEASE = new LuaScript(new URL('../lua/replay-release.lua', import.meta.url));
const CANCEL = new LuaScript(CLOCK, AUDIT, new URL('../lua/replay-cancel.lua', import.meta.url));

/** Longer than the maximum interval between pushes and than a scan of a long list. */
const LEASE_MS = 30_000;
const DAY_MS = 86_400_000;
/** Allowed run ids; the id becomes part of a key. */
const PLAIN_ID = /^[0-9a-f-]{32,36}$/;

/** The replay runs of one queue. Each is a hash with all state that a takeover needs. */
export class RedisReplayRuns extends ReplayRuns {
  private readonly keys: QueueKeys;
  private readonly steps: ReplaySteps;

  /** @param leaseMs lease duration in milliseconds; an expired run may be taken over */
  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
    private readonly leaseMs = LEASE_MS,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
    this.steps = new ReplaySteps(redis.http, this.keys, leaseMs);
  }

  override async start(order: ReplayRequest): Promise<StartResult> {
    const { replayRunning, deadLetter, audit } = this.keys;
    const token = randomUUID();
    const interval = order.maxPerSecond === null ? 0 : Math.ceil(1000 / order.maxPerSecond);
    const [result, detail] = list(
      await START.runIdempotent(
        this.redis.http,
        [replayRunning, this.keysOf(order.id).run, deadLetter, audit],
        [order.id, JSON.stringify(order), token, this.leaseMs, interval, ...auditArguments(order.action)],
      ),
    );
    const kind = text(result);
    if (kind === 'started') return { kind, lease: { token, steps: 0, run: readRun(fields(detail)) } };
    if (kind === 'busy') return { kind, id: text(detail) };
    if (kind === 'known') return { kind };
    throw new UnexpectedReplyError('started, busy or known');
  }

  override async takeOver(): Promise<ReplayLease | null> {
    const { replayRunning } = this.keys;
    const id = await unwrapReply(this.redis.http.get(replayRunning));
    if (id === null) return null;
    await this.checkKeys(id);
    const token = randomUUID();
    const keys = [replayRunning, this.keysOf(id).run];
    const reply = await TAKE_OVER.runIdempotent(this.redis.http, keys, [id, token, this.leaseMs]);
    if (reply === null) return null;
    const found = fields(reply);
    return { token, steps: Number(found.get('steps') ?? 0), run: readRun(found) };
  }

  override async step(lease: ReplayLease, step: ReplayStep): Promise<StepResult> {
    return await this.steps.take(lease, step);
  }

  override async end({ token, run }: ReplayLease, state: Exclude<ReplayState, 'running'>): Promise<void> {
    const { id } = run.request;
    const { run: key, results, digests } = this.keysOf(id);
    const keys = [this.keys.replayRunning, key, results, digests];
    await END.runIdempotent(this.redis.http, keys, [id, token, state, DAY_MS]);
  }

  override async release({ token, run }: ReplayLease): Promise<void> {
    await RELEASE.runIdempotent(this.redis.http, [this.keysOf(run.request.id).run], [token]);
  }

  override async cancel(id: string, action: OperatorAction): Promise<'cancelling' | 'ended' | 'unknown'> {
    if (!PLAIN_ID.test(id)) return 'unknown';
    const keys = [this.keysOf(id).run, this.keys.audit];
    const args = [id, randomUUID(), ...auditArguments(action)];
    const result = text(await CANCEL.runIdempotent(this.redis.http, keys, args));
    if (result === 'cancelling' || result === 'ended' || result === 'unknown') return result;
    throw new UnexpectedReplyError('cancelling, ended or unknown');
  }

  override async find(id: string): Promise<ReplayRun | null> {
    return PLAIN_ID.test(id) ? await this.read(id) : null;
  }

  override async results(id: string): Promise<readonly ReplayedEntry[]> {
    const found = await unwrapReply(this.redis.http.lrange(this.keysOf(id).results, 0, -1));
    return found.flatMap((line) => readEntry(line) ?? []);
  }

  private async read(id: string): Promise<ReplayRun | null> {
    const { run } = this.keysOf(id);
    const found = fields(await unwrapReply(this.redis.http.callBuffer('HGETALL', run)));
    try {
      return found.size === 0 ? null : readRun(found);
    } catch {
      throw new HoldError(
        'ledger_unreadable',
        `replay ${run} is malformed: delete the Redis key, and start another replay`,
      );
    }
  }

  /** @throws HoldError that names the key of the run that has another type or malformed content */
  private async checkKeys(id: string): Promise<void> {
    const { run, results, digests } = this.keysOf(id);
    const types = [
      [run, 'hash'],
      [results, 'list'],
      [digests, 'set'],
    ] as const;
    for (const [key, expected] of types) {
      const found = await unwrapReply(this.redis.http.type(key));
      if (found !== expected && found !== 'none')
        throw new HoldError(
          'ledger_unreadable',
          `Redis key ${key} is a ${found}; the replay needs a ${expected} there`,
        );
    }
    await this.read(id);
  }

  private keysOf(id: string) {
    return replayKeys(this.keys, id);
  }
}
