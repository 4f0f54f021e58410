import type { ClaimedMessage, Settlement, SettleResult, SweepReport } from '#core';
import { FakeMessageQueue } from './fake-message-queue.js';

/** A queue in memory that knows leases; what is released can be claimed again. A wait ends when a message arrives. */
export class LeasedMessageQueue extends FakeMessageQueue {
  /** Claimed and not settled, by lease. */
  readonly processing = new Map<string, ClaimedMessage>();
  readonly claims: number[] = [];
  readonly renewals: (readonly string[])[] = [];
  promotions = 0;
  swept: SweepReport = { expired: 0, orphaned: 0 };
  private readonly fenced = new Set<string>();
  private arrived: () => void = () => undefined;

  push(...messages: readonly ClaimedMessage[]): void {
    this.messages.push(...messages);
    this.arrived();
  }

  /** As if a sweep had taken the lease away. */
  expire(lease: string): void {
    this.processing.delete(lease);
    this.fenced.add(lease);
  }

  /** What became of a lease; undefined while it is in processing. */
  settlementOf(lease: string): Settlement | undefined {
    return this.settled.find((it) => it.lease === lease)?.settlement;
  }

  override async wait(): Promise<void> {
    await super.wait();
    if (this.messages.length > 0) return;
    await new Promise<void>((resolve) => {
      this.arrived = resolve;
    });
  }

  override async claim(limit: number): Promise<readonly ClaimedMessage[]> {
    const claimed = await super.claim(limit);
    this.claims.push(limit);
    for (const message of claimed) this.processing.set(message.lease, message);
    return claimed;
  }

  override async read(leases: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    await super.read(leases);
    return leases.map((lease) => this.processing.get(lease)?.bytes ?? null);
  }

  override async renew(leases: readonly string[] = []): Promise<readonly string[]> {
    await super.renew();
    this.renewals.push(leases);
    return leases.filter((lease) => !this.processing.has(lease));
  }

  override async settle(
    settlements: readonly { readonly lease: string; readonly settlement: Settlement }[],
  ): Promise<readonly SettleResult[]> {
    await this.before('settle');
    const released: ClaimedMessage[] = [];
    const results = settlements.map((settlement): SettleResult => {
      const { lease } = settlement;
      const message = this.processing.get(lease);
      if (!message) return this.fenced.has(lease) ? 'fenced' : 'already';
      this.processing.delete(lease);
      this.settled.push(settlement);
      if (settlement.settlement.kind === 'release') released.push({ ...message, lease: `${lease}+` });
      return 'settled';
    });
    this.messages.unshift(...released);
    return results;
  }

  override async promote(): Promise<number> {
    this.promotions += 1;
    return await super.promote();
  }

  override async sweep(): Promise<SweepReport> {
    await super.sweep();
    return this.swept;
  }
}
