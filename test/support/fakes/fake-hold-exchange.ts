import { HoldExchange, holdKey, type ReplicaHolds, type SharedHolds } from '#core';

/** Shares the holds within the process, without expiry. */
export class FakeHoldExchange extends HoldExchange {
  readonly replicas = new Map<string, ReplicaHolds>();
  /** Called first; may throw. */
  before: () => void = () => undefined;
  private readonly since = new Map<string, number>();

  override async exchange(own: ReplicaHolds, ended: readonly string[]): Promise<SharedHolds> {
    this.before();
    this.replicas.set(own.replica, own);
    for (const key of ended) this.since.delete(key);
    for (const hold of own.holds) this.since.set(holdKey(hold), this.since.get(holdKey(hold)) ?? hold.since);
    return await Promise.resolve({ replicas: [...this.replicas.values()], since: new Map(this.since) });
  }
}
