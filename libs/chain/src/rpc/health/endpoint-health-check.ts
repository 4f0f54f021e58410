import type { MonotonicHead } from '../pool/monotonic-head.js';
import {
  checkpointChain,
  type EndpointObservation,
  type EndpointStatus,
  assessEndpoints,
} from './endpoint-consensus.js';
import { hashAt, probeEndpoint, type EndpointProbe } from './endpoint-probe.js';
import { rankEndpoints } from '../pool/endpoint-ranking.js';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';
import type { PoolOptions } from '../pool/pool-options.js';
import { CheckpointBlock } from './checkpoint-block.js';

type ObservedEndpoint = EndpointProbe & { readonly member: PooledEndpoint };

/** Compares the chains of the endpoints, and excludes or readmits endpoints by the result. */
export class EndpointHealthCheck {
  private readonly checkpoint = new CheckpointBlock();
  private readonly checkInProgress = new Map<PooledEndpoint, Promise<void>>();

  constructor(
    private readonly members: readonly PooledEndpoint[],
    private readonly monotonicHead: MonotonicHead,
    private readonly options: PoolOptions,
  ) {}

  /** Probes one endpoint. Concurrent calls share the probe. Never throws. */
  async checkNow(member: PooledEndpoint): Promise<void> {
    const probe =
      this.checkInProgress.get(member) ??
      this.compareAll([member], null).finally(() => this.checkInProgress.delete(member));
    this.checkInProgress.set(member, probe);
    await probe;
  }

  /**
   * Probes these endpoints at the same time and compares them. Never throws.
   *
   * @param serving the endpoint that serves the reads
   */
  async compareAll(members: readonly PooledEndpoint[], serving: PooledEndpoint | null): Promise<void> {
    const height = this.checkpoint.number;
    const answers = await Promise.all(
      members.map(async (member) => {
        const seen = await probeEndpoint(member, height);
        return seen && { ...seen, member };
      }),
    );
    const present = answers.filter((answer) => answer !== null);
    // The checkpoint may have advanced during the probes. Their blocks then do not count.
    this.assess(
      height === this.checkpoint.number ? present : present.map((it) => ({ ...it, checkpointHash: null })),
      serving,
    );
  }

  /** Advances the checkpoint when all voting endpoints answered and agree. */
  async advanceCheckpoint(serving: PooledEndpoint): Promise<void> {
    if (this.members.length === 1) return;
    const good = this.members.filter(({ health }) => health.inService && !health.suspect);
    if (this.checkpoint.votesOf(this.members.filter((member) => !good.includes(member))) > 0) return;
    const height = Math.min(...good.map(({ head }) => head ?? 0)) - this.options.checkpointDepth;
    if (!good.includes(serving) || height < 0 || height <= (this.checkpoint.number ?? -1)) return;
    const hash = await hashAt(serving, height);
    if (hash !== null) this.checkpoint.moveTo(height, hash);
  }

  private assess(present: readonly ObservedEndpoint[], serving: PooledEndpoint | null): void {
    const observations = present.map((seen) => toObservation(seen, serving));
    const absent = this.members.filter((member) => !present.some((seen) => seen.member === member));
    const { hash } = this.checkpoint;
    const checkpoint = hash === null ? null : { hash, absentVotes: this.checkpoint.votesOf(absent) };
    const { source, isStale } = this.monotonicHead;
    // A source that answered is compared by its own head.
    const head = source !== null && absent.includes(source) && !isStale ? this.monotonicHead.block : null;
    const { chainId, maxLagBlocks, maxLagMs } = this.options;
    const limits = { blocks: maxLagBlocks, seconds: maxLagMs / 1000 };
    const found = assessEndpoints(observations, { checkpoint, head }, limits, chainId);
    for (const { member } of present) apply(member, found.get(member.name));
    const good = present.filter(({ member }) => found.get(member.name)?.kind === 'good');
    this.agree(
      good,
      checkpointChain(
        observations.filter((it) => it.chainId === chainId || chainId === null),
        { checkpoint },
      ),
    );
    for (const seen of good) this.monotonicHead.confirm(seen.head.number);
    this.rollBackForeignHead(good);
  }

  private agree(good: readonly ObservedEndpoint[], chain: string | null): void {
    const followers = good.filter(({ checkpointHash }) => checkpointHash !== null && checkpointHash === chain);
    if (chain === null || followers.length === 0) return;
    this.checkpoint.setAgreed(
      chain,
      followers.map(({ member }) => member),
    );
  }

  /** Rolls back a head that only an endpoint of another chain returned. */
  private rollBackForeignHead(good: readonly ObservedEndpoint[]): void {
    if (this.monotonicHead.source?.health.chainMismatch !== true) return;
    const best = rankEndpoints(
      good.map((seen) => ({ ...seen, latencyMs: null, head: seen.head.number, block: seen.head })),
    )[0];
    if (best) this.monotonicHead.rollBack(best.block, best.member);
  }
}

function apply(member: PooledEndpoint, status: EndpointStatus | undefined): void {
  member.record(() => {
    if (status === undefined) return;
    if (status.kind === 'good') member.health.readmit();
    else if (status.kind === 'wrong_chain') member.health.exclude(status.kind, status.detail);
    else member.health.reportMismatch(status.kind, status.detail);
  });
}

function toObservation(
  { member, chainId, head, checkpointHash }: ObservedEndpoint,
  serving: PooledEndpoint | null,
): EndpointObservation {
  const votes = !member.health.chainMismatch;
  return { name: member.name, chainId, head, checkpointHash, votes, serving: member === serving };
}
