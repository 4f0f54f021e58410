import request from 'supertest';
import type { ReplayLease, ReplayStep, StepResult } from '#core';
import { RedisAuditTrail, RedisDeadLetters, RedisIdempotencyKeys, RedisReplayRuns } from '#queue';
import { OPERATE_TOKEN, ApiApp } from '../../support/http/api-app.js';
import { QUEUE, type QueueFixture } from '../queue/queue.fixture.js';

/** Dies at a chosen step, as kill -9 would: from then on it does nothing at all, and gives nothing back. */
export class CrashingReplayRuns extends RedisReplayRuns {
  private left = Infinity;
  private crashPoint: 'before' | 'after' = 'before';

  /** @param step 1 is the next */
  crashAt(step: number, moment: 'before' | 'after'): void {
    this.left = step;
    this.crashPoint = moment;
  }

  revive(): void {
    this.left = Infinity;
  }

  override async takeOver(): Promise<ReplayLease | null> {
    return this.left === Infinity ? await super.takeOver() : null;
  }

  override async step(lease: ReplayLease, step: ReplayStep): Promise<StepResult> {
    this.left -= 1;
    if (this.left > 0) return await super.step(lease, step);
    if (this.left === 0 && this.crashPoint === 'after') await super.step(lease, step);
    throw new Error('killed');
  }

  override async end(lease: ReplayLease, state: 'finished' | 'cancelled'): Promise<void> {
    this.left -= 1;
    if (this.left <= 0) throw new Error('killed');
    await super.end(lease, state);
  }
}

/** The HTTP side of one replica, over a real Redis. */
export class ApiReplica {
  private constructor(
    readonly ops: ApiApp,
    readonly runs: CrashingReplayRuns,
    private readonly url: string,
  ) {}

  static async start(fixture: QueueFixture): Promise<ApiReplica> {
    const connections = await fixture.connect();
    const settings = { queueName: QUEUE };
    const replays = new CrashingReplayRuns(connections, settings);
    const ops = new ApiApp({
      replays,
      deadLetters: new RedisDeadLetters(connections, settings),
      audit: new RedisAuditTrail(connections, settings),
      keys: new RedisIdempotencyKeys(connections, settings),
    });
    await ops.start();
    return new ApiReplica(ops, replays, await ops.url());
  }

  async stop(): Promise<void> {
    await this.ops.stop();
  }

  post(path: string, body: object = {}) {
    return request(this.url).post(path).auth(OPERATE_TOKEN, { type: 'bearer' }).send(body);
  }

  get(path: string) {
    return request(this.url).get(path).auth(OPERATE_TOKEN, { type: 'bearer' });
  }

  delete(path: string) {
    return request(this.url).delete(path).auth(OPERATE_TOKEN, { type: 'bearer' });
  }
}
