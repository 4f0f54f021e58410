import { Loop, pause } from '#core';
import type { ChainSurvey } from './chain-survey.js';
import type { PoolMember } from './pool-member.js';
import type { ReadRoute } from './read-route.js';

/** An endpoint that was put aside is looked at again at most this much late. */
const TICK_MS = 1_000;

/**
 * Compares the endpoints in the background, so that no caller ever waits for it. A single endpoint is looked at only
 * while it is aside: there is nothing to compare it with.
 */
export class SurveyLoop {
  private readonly loop = new Loop((signal) => this.turn(signal));
  private comparedAt = 0;

  constructor(
    private readonly members: readonly PoolMember[],
    private readonly survey: ChainSurvey,
    private readonly route: ReadRoute,
    private readonly intervalMs: number,
  ) {}

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    if (this.members.length > 1 && this.compareNow()) await this.compare();
    else await this.lookAtAsides();
    await pause(Math.min(TICK_MS, this.intervalMs), signal);
  }

  /** Something that was found once is looked at again soon. */
  private compareNow(): boolean {
    return Date.now() - this.comparedAt >= this.intervalMs || this.members.some(({ standing }) => standing.suspect);
  }

  private async compare(): Promise<void> {
    this.comparedAt = Date.now();
    await this.survey.round(this.members.filter(takesPart), this.route.serving);
    this.route.improve();
    await this.survey.settle(this.route.serving);
  }

  private async lookAtAsides(): Promise<void> {
    const due = this.members.filter((member) => !member.standing.inService && isDue(member));
    if (due.length > 0) await this.survey.round(due, null);
  }
}

/** Those that are aside for their chain cost nobody anything: they take part in every comparison. */
function takesPart(member: PoolMember): boolean {
  const reason = member.standing.aside?.reason;
  return reason === undefined || reason === 'lagging' || reason === 'forked' || isDue(member);
}

function isDue({ standing }: PoolMember): boolean {
  return Date.now() >= standing.askAgainAt;
}
