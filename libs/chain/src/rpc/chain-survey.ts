import type { ActedHead } from './acted-head.js';
import { settledChain, type Sighting, type Verdict, verdicts } from './chain-verdicts.js';
import { hashAt, probe, type Seen } from './endpoint-probe.js';
import { ranked } from './endpoint-choice.js';
import type { PoolMember } from './pool-member.js';
import type { PoolOptions } from './pool-options.js';
import { SettledBlock } from './settled-block.js';

type SeenBy = Seen & { readonly member: PoolMember };

/** Compares what the endpoints show of the chain, and puts aside or takes back into service by that. */
export class ChainSurvey {
  private readonly settled = new SettledBlock();
  private readonly vouching = new Map<PoolMember, Promise<void>>();

  constructor(
    private readonly members: readonly PoolMember[],
    private readonly acted: ActedHead,
    private readonly options: PoolOptions,
  ) {}

  /** Looks at one endpoint now. Those who ask while that goes on share the answer. Never throws. */
  async vouch(member: PoolMember): Promise<void> {
    const look = this.vouching.get(member) ?? this.round([member], null).finally(() => this.vouching.delete(member));
    this.vouching.set(member, look);
    await look;
  }

  /**
   * Looks at these endpoints at the same time and judges them by each other. Never throws.
   *
   * @param serving the endpoint that reads come from
   */
  async round(members: readonly PoolMember[], serving: PoolMember | null): Promise<void> {
    const height = this.settled.number;
    const answers = await Promise.all(
      members.map(async (member) => {
        const seen = await probe(member, height);
        return seen && { ...seen, member };
      }),
    );
    const present = answers.filter((answer) => answer !== null);
    // The settled block may have moved on while this round was waiting: then it says nothing about it.
    this.judge(height === this.settled.number ? present : present.map((it) => ({ ...it, settledHash: null })), serving);
  }

  /** Moves the settled block up once everybody who has a say was there and agreed. */
  async settle(serving: PoolMember): Promise<void> {
    if (this.members.length === 1) return;
    const good = this.members.filter(({ standing }) => standing.inService && !standing.suspect);
    if (this.settled.votesOf(this.members.filter((member) => !good.includes(member))) > 0) return;
    const height = Math.min(...good.map(({ head }) => head ?? 0)) - this.options.settledDepth;
    if (!good.includes(serving) || height < 0 || height <= (this.settled.number ?? -1)) return;
    const hash = await hashAt(serving, height);
    if (hash !== null) this.settled.moveTo(height, hash);
  }

  private judge(present: readonly SeenBy[], serving: PoolMember | null): void {
    const sightings = present.map((seen) => sightingOf(seen, serving));
    const absent = this.members.filter((member) => !present.some((seen) => seen.member === member));
    const { hash } = this.settled;
    const settled = hash === null ? null : { hash, absentVotes: this.settled.votesOf(absent) };
    const { owner, forsaken } = this.acted;
    // The endpoint that has shown it speaks for itself when it is there.
    const head = owner !== null && absent.includes(owner) && !forsaken ? this.acted.block : null;
    const { chainId, maxLagBlocks, maxLagMs } = this.options;
    const limits = { blocks: maxLagBlocks, seconds: maxLagMs / 1000 };
    const found = verdicts(sightings, { settled, head }, limits, chainId);
    for (const { member } of present) apply(member, found.get(member.name));
    const good = present.filter(({ member }) => found.get(member.name)?.kind === 'good');
    this.agree(
      good,
      settledChain(
        sightings.filter((it) => it.chainId === chainId || chainId === null),
        { settled },
      ),
    );
    for (const seen of good) this.acted.confirm(seen.head.number);
    this.disown(good);
  }

  private agree(good: readonly SeenBy[], chain: string | null): void {
    const followers = good.filter(({ settledHash }) => settledHash !== null && settledHash === chain);
    if (chain === null || followers.length === 0) return;
    this.settled.agreed(
      chain,
      followers.map(({ member }) => member),
    );
  }

  /** A block that only an endpoint of another chain has shown is not waited for. */
  private disown(good: readonly SeenBy[]): void {
    if (this.acted.owner?.standing.disowned !== true) return;
    const best = ranked(
      good.map((seen) => ({ ...seen, latencyMs: null, head: seen.head.number, block: seen.head })),
    )[0];
    if (best) this.acted.fallBack(best.block, best.member);
  }
}

function apply(member: PoolMember, verdict: Verdict | undefined): void {
  member.note(() => {
    if (verdict === undefined) return;
    if (verdict.kind === 'good') member.standing.admit();
    else if (verdict.kind === 'wrong_chain') member.standing.putAside(verdict.kind, verdict.detail);
    else member.standing.found(verdict.kind, verdict.detail);
  });
}

function sightingOf({ member, chainId, head, settledHash }: SeenBy, serving: PoolMember | null): Sighting {
  const votes = !member.standing.disowned;
  return { name: member.name, chainId, head, settledHash, votes, serving: member === serving };
}
