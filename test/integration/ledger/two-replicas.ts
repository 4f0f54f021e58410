import * as fc from 'fast-check';
import type { ClaimedMessage, JobUpdate, LaneLease } from '#core';
import { attempt, deployed, failed, LANE, type LedgerFixture, request, slot } from './ledger.fixture.js';

export const MODELS = ['a', 'b', 'c'] as const;

/** What may happen, in any order. */
const KINDS = ['admit', 'acquire', 'commit', 'replace', 'settle', 'settle-alone', 'lose-lane', 'lose-message'] as const;

/** Not every step uses every field. */
export const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS, 'admit', 'admit', 'commit', 'commit', 'settle', 'settle'),
    replica: fc.constantFrom(0, 1),
    models: fc.subarray([...MODELS], { minLength: 1 }),
    symbol: fc.constantFrom('X', 'X', 'Y'),
    verdict: fc.constantFrom('deployed', 'failed', 'returned'),
    repeats: fc.constantFrom(1, 2),
  }),
  { minLength: 5, maxLength: 40 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** Two replicas that share one lane and do as they are told, with the leases they remember, however stale. */
export class TwoReplicas {
  private readonly leases: (LaneLease | null)[] = [null, null];
  private readonly replicas: readonly LedgerFixture[];
  private readonly messages: ClaimedMessage[] = [];
  private signed = 0;

  constructor(private readonly ledger: LedgerFixture) {
    this.replicas = [ledger, ledger.sibling({ owner: 'replica-b' })];
  }

  async claim(step: Step): Promise<void> {
    const replica = this.replicas[step.replica] ?? this.ledger;
    const lease = this.leases[step.replica] ?? null;
    switch (step.kind) {
      case 'admit':
        return this.admit(step);
      case 'acquire':
        return this.acquire(step.replica, replica);
      case 'lose-lane':
        return void (await this.ledger.redis.hset(this.ledger.keys.lane(LANE), 'expiresAt', '1'));
      case 'lose-message':
        return this.expireMessage();
      case 'settle-alone':
        return void (await replica.jobs.complete(null, step.models.map(updateOf(step))));
      case 'commit':
      case 'replace':
      case 'settle':
        if (lease !== null) await this.useLane(step, replica, lease);
    }
  }

  private async admit({ models, symbol }: Step): Promise<void> {
    const entries = [];
    for (const modelId of models) {
      const message = await this.ledger.claimed(`${modelId} ${symbol} ${this.messages.length}`);
      this.messages.push(message);
      entries.push({ request: request(modelId, { tokenSymbol: symbol }), message });
    }
    await this.ledger.jobs.admit(entries);
  }

  private async acquire(index: number, replica: LedgerFixture): Promise<void> {
    const lease = await replica.journal.acquire(LANE, 60_000);
    if (lease === null) return;
    this.leases[index] = lease;
    if ((await replica.journal.read(LANE)).nextNonce === null) await replica.journal.resetNonce(lease, 0);
  }

  /** The sweep of the queue takes the oldest message away and back to the queue. */
  private async expireMessage(): Promise<void> {
    const message = this.messages.shift();
    // A sweep takes no bytes for a lease that was settled: they would be those of an identical copy.
    if (message === undefined || !(await this.ledger.fence(message))) return;
    await this.ledger.redis.lrem(this.ledger.queue.processing, -1, Buffer.from(message.bytes));
  }

  private async useLane(step: Step, replica: LedgerFixture, lease: LaneLease): Promise<void> {
    const { nextNonce, slots } = await replica.journal.read(LANE);
    this.signed += 1;
    const signed = attempt(`0x${this.signed.toString(16)}`);
    if (step.kind === 'commit') {
      await replica.journal.commit(lease, slot({ nonce: nextNonce ?? 0, modelIds: step.models, attempts: [signed] }));
    }
    const open = slots[this.signed % Math.max(slots.length, 1)];
    if (open === undefined) return;
    if (step.kind === 'replace') await replica.journal.addAttempt(lease, open.nonce, signed);
    if (step.kind !== 'settle') return;
    for (let i = 0; i < step.repeats; i += 1) {
      await replica.jobs.complete({ lease, nonce: open.nonce }, open.modelIds.map(updateOf(step)));
    }
  }
}

function updateOf(step: Step): (modelId: string) => JobUpdate {
  if (step.verdict === 'deployed') return deployed;
  return step.verdict === 'failed' ? failed : (modelId) => ({ kind: 'returned', modelId });
}
