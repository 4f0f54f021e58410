import type { ActedHead } from './acted-head.js';
import type { ChainSurvey } from './chain-survey.js';
import { chosen, ranked } from './endpoint-choice.js';
import type { PoolMember } from './pool-member.js';

/** Decides which endpoint a read goes to. */
export class ReadRoute {
  private current: PoolMember;

  constructor(
    private readonly members: readonly PoolMember[],
    first: PoolMember,
    private readonly acted: ActedHead,
    private readonly survey: ChainSurvey,
  ) {
    this.current = first;
  }

  /** The endpoint that reads come from as long as it answers. */
  get serving(): PoolMember {
    return this.current;
  }

  /** Moves to an endpoint that is clearly better; for times when nobody waits. */
  improve(): void {
    const ready = this.members.filter((member) => this.ready(member));
    this.current = chosen(ready, this.current) ?? this.current;
  }

  /**
   * Whom to ask: an endpoint in service that has seen the block that the callers act on. One that was put aside is
   * looked at again when nobody else is left. Null when there is nobody. Never throws.
   *
   * @param tried are not asked again
   */
  async next(tried: ReadonlySet<PoolMember>): Promise<PoolMember | null> {
    if (!tried.has(this.current) && this.ready(this.current)) return this.current;
    const serving = this.members.filter((member) => member.standing.inService);
    const found =
      (await this.firstReady(serving, tried)) ??
      (await this.firstBack(serving.length === 0, tried)) ??
      this.fallenBack(tried);
    if (found !== null) this.current = found;
    return found;
  }

  private ready(member: PoolMember): boolean {
    return member.standing.inService && this.acted.reachedBy(member.head);
  }

  /** One that is not known to have seen the block is looked at first: its head may be old news. */
  private async firstReady(serving: readonly PoolMember[], tried: ReadonlySet<PoolMember>): Promise<PoolMember | null> {
    for (const member of ranked(serving)) {
      if (tried.has(member)) continue;
      if (!this.ready(member)) await this.survey.vouch(member);
      if (this.ready(member)) return member;
    }
    return null;
  }

  /** @param nobodyElse then those that are aside are not spared, except for those that asked to be left alone */
  private async firstBack(nobodyElse: boolean, tried: ReadonlySet<PoolMember>): Promise<PoolMember | null> {
    const aside = this.members.filter((member) => !member.standing.inService && !tried.has(member));
    const due = aside.filter(({ standing }) => {
      const spared = !nobodyElse || standing.aside?.reason === 'rate_limited';
      return !spared || Date.now() >= standing.askAgainAt;
    });
    await Promise.all(due.map((member) => this.survey.vouch(member)));
    return ranked(due.filter((member) => this.ready(member)))[0] ?? null;
  }

  /** Nobody has shown the block for so long that the best of the others is believed. */
  private fallenBack(tried: ReadonlySet<PoolMember>): PoolMember | null {
    if (!this.acted.forsaken) return null;
    const [best] = ranked(this.members.filter(({ standing }) => standing.inService));
    if (best === undefined || tried.has(best) || best.head === null) return null;
    this.acted.fallBack({ number: best.head, timestamp: this.acted.block?.timestamp ?? 0 }, best);
    return best;
  }
}
