import { ChainReplica } from '../../../support/chain/chain-replica.js';
import { until } from '../../../support/until.js';

/** Replicas that share a lane, by the names under which they hold it. */
export class Replicas {
  private readonly running = new Map<string, ChainReplica>();
  private readonly stopped: ChainReplica[] = [];
  private joined = 0;

  /**
   * @param ledger reads the journal, and works on nothing
   * @param create a replica that is not started
   */
  constructor(
    private readonly ledger: ChainReplica,
    private readonly lane: string,
    private readonly create: (owner: string) => Promise<ChainReplica>,
  ) {}

  get count(): number {
    return this.running.size;
  }

  /** What any of them ever returned, with the nonce that it had. */
  get returned(): readonly { readonly modelId: string; readonly nonce: number }[] {
    return [...this.running.values(), ...this.stopped].flatMap(({ results }) => results.returned);
  }

  async join(): Promise<void> {
    const owner = `replica-${(this.joined += 1)}`;
    const replica = await this.create(owner);
    this.running.set(owner, replica);
    await replica.start();
  }

  /** Their messages reach every replica: one that does not have the lane gives them back. */
  async submit(modelIds: readonly string[]): Promise<void> {
    for (const replica of this.running.values()) await replica.submit(...modelIds);
  }

  /** The lane's lease runs out, although its owner may live. @returns whether another replica has the lane now */
  async expireLease(): Promise<boolean> {
    const before = await this.ledger.journal.owner(this.lane);
    await this.ledger.redis.hset(this.ledger.laneKey, 'expiresAt', '1');
    const after = await until('a new tenure', async () => {
      const tenure = await this.ledger.journal.owner(this.lane);
      return tenure !== null && tenure.epoch !== before?.epoch && tenure;
    });
    return before !== null && after.owner !== before.owner;
  }

  /** The replica that has the lane dies in the middle of its work, and a new one comes for it. */
  async kill(): Promise<void> {
    const owner = (await this.ledger.journal.owner(this.lane))?.owner ?? '';
    const killed = this.running.get(owner);
    if (!killed) return;
    this.running.delete(owner);
    this.stopped.push(killed);
    await killed.kill();
    await this.join();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values(), ...this.stopped].map((replica) => replica.stop()));
  }
}
