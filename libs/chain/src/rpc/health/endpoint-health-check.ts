import type { MonotonicHead } from '../pool/monotonic-head.js';
import {
  checkpointChain,
  type EndpointObservation,
  type EndpointStatus,
  assessEndpoints,
} from './endpoint-consensus.js';
import { hashAt, probeEndpoint, type Seen } from './endpoint-probe.js';
import { rankEndpoints } from '../pool/endpoint-ranking.js';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';
import type { PoolOptions } from '../pool/pool-options.js';
import { CheckpointBlock } from './checkpoint-block.js';

type ObservedEndpoint = Seen & { readonly member: PooledEndpoint };

/** Compares what the endpoints show of the chain, and puts aside or takes back into service by that. */
export class EndpointHealthCheck {
  private readonly settled = new CheckpointBlock();
  private readonly checkInProgress = new Map<PooledEndpoint, Promise<void>>();

  constructor(
    private readonly members: readonly PooledEndpoint[],
    private readonly acted: MonotonicHead,
    private readonly options: PoolOptions,
  ) {}

  /** Looks at one endpoint now. Those who ask while that goes on share the answer. Never throws. */
  async checkNow(member: PooledEndpoint): Promise<void> {
    const look =
      this.checkInProgress.get(member) ??
      this.compareAll([member], null).finally(() => this.checkInProgress.delete(member));
    this.checkInProgress.set(member, look);
    await look;
  }

  /**
   * Looks at these endpoints at the same time and judges them by each other. Never throws.
   *
   * @param serving the endpoint that reads come from
   */
  async compareAll(members: readonly PooledEndpoint[], serving: PooledEndpoint | null): Promise<void> {
    const height = this.settled.number;
    const answers = await Promise.all(
      members.map(async (member) => {
        const seen = await probeEndpoint(member, height);
        return seen && { ...seen, member };
      }),
    );
    const present = answers.filter((answer) => answer !== null);
    // The settled block may have moved on while this round was waiting: then it says nothing about it.
    this.assess(
      height === this.settled.number ? present : present.map((it) => ({ ...it, settledHash: null })),
      serving,
    );
  }

  /** Moves the settled block up once everybody who has a say was there and agreed. */
  async settle(serving: PooledEndpoint): Promise<void> {
    if (this.members.length === 1) return;
    const good = this.members.filter(({ standing }) => standing.inService && !standing.suspect);
    if (this.settled.votesOf(this.members.filter((member) => !good.includes(member))) > 0) return;
    const height = Math.min(...good.map(({ head }) => head ?? 0)) - this.options.settledDepth;
    if (!good.includes(serving) || height < 0 || height <= (this.settled.number ?? -1)) return;
    const hash = await hashAt(serving, height);
    if (hash !== null) this.settled.moveTo(height, hash);
  }

  private assess(present: readonly ObservedEndpoint[], serving: PooledEndpoint | null): void {
    const sightings = present.map((seen) => toObservation(seen, serving));
    const absent = this.members.filter((member) => !present.some((seen) => seen.member === member));
    const { hash } = this.settled;
    const settled = hash === null ? null : { hash, absentVotes: this.settled.votesOf(absent) };
    const { source, isStale } = this.acted;
    // The endpoint that has shown it speaks for itself when it is there.
    const head = source !== null && absent.includes(source) && !isStale ? this.acted.block : null;
    const { chainId, maxLagBlocks, maxLagMs } = this.options;
    const limits = { blocks: maxLagBlocks, seconds: maxLagMs / 1000 };
    const found = assessEndpoints(sightings, { checkpoint: settled, head }, limits, chainId);
    for (const { member } of present) apply(member, found.get(member.name));
    const good = present.filter(({ member }) => found.get(member.name)?.kind === 'good');
    this.agree(
      good,
      checkpointChain(
        sightings.filter((it) => it.chainId === chainId || chainId === null),
        { checkpoint: settled },
      ),
    );
    for (const seen of good) this.acted.confirm(seen.head.number);
    this.rollBackForeignHead(good);
  }

  private agree(good: readonly ObservedEndpoint[], chain: string | null): void {
    const followers = good.filter(({ settledHash }) => settledHash !== null && settledHash === chain);
    if (chain === null || followers.length === 0) return;
    this.settled.setAgreed(
      chain,
      followers.map(({ member }) => member),
    );
  }

  /** A block that only an endpoint of another chain has shown is not waited for. */
  private rollBackForeignHead(good: readonly ObservedEndpoint[]): void {
    if (this.acted.source?.standing.chainMismatch !== true) return;
    const best = rankEndpoints(
      good.map((seen) => ({ ...seen, latencyMs: null, head: seen.head.number, block: seen.head })),
    )[0];
    if (best) this.acted.rollBack(best.block, best.member);
  }
}

function apply(member: PooledEndpoint, verdict: EndpointStatus | undefined): void {
  member.record(() => {
    if (verdict === undefined) return;
    if (verdict.kind === 'good') member.standing.readmit();
    else if (verdict.kind === 'wrong_chain') member.standing.exclude(verdict.kind, verdict.detail);
    else member.standing.reportMismatch(verdict.kind, verdict.detail);
  });
}

function toObservation(
  { member, chainId, head, settledHash }: ObservedEndpoint,
  serving: PooledEndpoint | null,
): EndpointObservation {
  const votes = !member.standing.chainMismatch;
  return { name: member.name, chainId, head, settledHash, votes, serving: member === serving };
}
