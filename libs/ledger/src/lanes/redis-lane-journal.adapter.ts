import { randomUUID } from 'node:crypto';
import {
  type Attempt,
  type CommitResult,
  type DeploymentRecord,
  type JournalResult,
  LaneJournal,
  type LaneLease,
  type LaneState,
  type LaneOwner,
  type OperatorAction,
  recordFingerprint,
  type Slot,
  type SpendCharge,
} from '#core';
import { auditArguments, queueHome, queueKeys, WrongHomeError } from '#queue';
import { type LuaScript, type RedisConnections, unwrapReply, type ScriptArgument } from '#redis';
import { encodeSignedAttempt } from '../codec/job.codec.js';
import {
  decodeCommit,
  decodeJournalResult,
  decodeLane,
  decodeOwner,
  encodeAttempt,
  encodeSlot,
} from '../codec/lane.codec.js';
import { encodeCharge } from '../codec/spend.codec.js';
import { hashReply, integerReply, listReply, textReply } from '../codec/reply.codec.js';
import { type LedgerKeys, ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/**
 * The lane journal in Redis. Leases use the Redis clock. Repeats its idempotent scripts after a lost reply. All methods
 * throw `RedisUnavailableError`.
 */
export class RedisLaneJournal extends LaneJournal {
  private readonly keys: LedgerKeys;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
  }

  override async acquire(lane: string, ttlMs: number): Promise<LaneLease | null> {
    const keys = [this.keys.lane(lane), this.keys.slots(lane), this.keys.lanes, this.keys.reserved];
    const args = [this.options.owner, ttlMs, lane];
    const epoch = await LUA.acquireLane.runIdempotent(this.connections.commands, keys, args);
    return epoch === null ? null : { lane, epoch: integerReply(epoch) };
  }

  override async renew(lease: LaneLease, ttlMs: number): Promise<boolean> {
    return done(await this.run(LUA.renewLane, lease.lane, [...this.holder(lease), ttlMs]));
  }

  override async release(lease: LaneLease): Promise<void> {
    await this.run(LUA.releaseLane, lease.lane, this.holder(lease));
  }

  override async free(lane: string, action: OperatorAction): Promise<boolean> {
    const { audit } = queueKeys(this.options.queueName, { braced: this.options.braced ?? false });
    const keys = [this.keys.lane(lane), this.keys.slots(lane), audit];
    const args = [randomUUID(), lane, ...auditArguments(action)];
    return done(await LUA.freeLane.runIdempotent(this.connections.http, keys, args));
  }

  override async read(lane: string): Promise<LaneState> {
    return decodeLane(await this.run(LUA.readLane, lane, []));
  }

  override async owner(lane: string): Promise<LaneOwner | null> {
    return decodeOwner(await this.run(LUA.readTenure, lane, []));
  }

  override async addresses(): Promise<readonly string[]> {
    return (await unwrapReply(this.connections.commands.smembers(this.keys.lanes))).toSorted();
  }

  override async commit(
    lease: LaneLease,
    slot: Slot,
    records: readonly DeploymentRecord[] = [],
    charge?: SpendCharge,
  ): Promise<CommitResult> {
    const fingerprints = new Map(records.map((record) => [record.modelId, recordFingerprint(record)]));
    const jobs = slot.modelIds.flatMap((modelId) => [modelId, fingerprints.get(modelId) ?? '']);
    const attempts = slot.attempts.map((attempt) => encodeSignedAttempt(attempt)).join(' ');
    const { home } = queueKeys(this.options.queueName, { braced: this.options.braced ?? false });
    const journaled = [lease.lane, slot.nonce, encodeSlot(slot), attempts];
    const reply = await LUA.commit.runIdempotent(
      this.connections.commands,
      [this.keys.lane(lease.lane), this.keys.slots(lease.lane), home, ...this.spendKeys, this.keys.circuit],
      [this.keys.prefix, ...this.holder(lease), ...journaled, ...encodeCharge(charge), ...jobs],
    );
    const [kind, pinned] = listReply(reply);
    return textReply(kind) === 'wrong-home' ? this.wrongHome(hashReply(pinned)) : decodeCommit(reply);
  }

  override async addAttempt(
    lease: LaneLease,
    nonce: number,
    attempt: Attempt,
    charge?: SpendCharge,
  ): Promise<JournalResult> {
    const added = [encodeAttempt(attempt), attempt.hash, encodeSignedAttempt(attempt)];
    const args = [this.keys.prefix, ...this.holder(lease), lease.lane, nonce, ...added, ...encodeCharge(charge)];
    return decodeJournalResult(await this.run(LUA.addAttempt, lease.lane, args, this.spendKeys));
  }

  override async fillGap(lease: LaneLease, slot: Slot, charge?: SpendCharge): Promise<JournalResult> {
    const args = [...this.holder(lease), lease.lane, slot.nonce, encodeSlot(slot), ...encodeCharge(charge)];
    return decodeJournalResult(await this.run(LUA.fillGap, lease.lane, args, this.spendKeys));
  }

  override async resetNonce(lease: LaneLease, nextNonce: number): Promise<boolean> {
    return done(await this.run(LUA.resetNonce, lease.lane, [...this.holder(lease), nextNonce]));
  }

  private wrongHome(pinned: ReadonlyMap<string, string>): CommitResult {
    const error = new WrongHomeError(this.options.queueName, Object.fromEntries(pinned), queueHome(this.options));
    return { kind: 'wrong-home', detail: error.message };
  }

  private holder(lease: LaneLease): readonly ScriptArgument[] {
    return [this.options.owner, lease.epoch];
  }

  private get spendKeys(): readonly string[] {
    return [this.keys.policy, this.keys.spent, this.keys.reserved];
  }

  private run(
    script: LuaScript,
    lane: string,
    args: readonly ScriptArgument[],
    further: readonly string[] = [],
  ): Promise<unknown> {
    const keys = [this.keys.lane(lane), this.keys.slots(lane), ...further];
    return script.runIdempotent(this.connections.commands, keys, args);
  }
}

function done(reply: unknown): boolean {
  return integerReply(reply) === 1;
}
