import { Injectable, Logger } from '@nestjs/common';
import { DeadLetters, pause, type ReplayedEntry, type ReplayLease, ReplayRuns } from '#core';
import type { Candidate, Candidates } from './candidates.js';
import { ChosenEntries } from './chosen-entries.js';
import { OldestEntries } from './oldest-entries.js';
import { ReplayOutcomes } from './replay-outcomes.js';
import { Replayability } from './replayability.js';
import { UnrecordedEntries } from './unrecorded-entries.js';

/** Most entries that wait for the next step to be recorded. */
const MOST_UNRECORDED = 500;

/** How soon a cancellation is noticed while the rate holds the run back. */
const LONGEST_PAUSE_MS = 500;

/**
 * Carries a run on from where it stands. A crash between two steps loses nothing: what was replayed is recorded in the
 * script that replays it, and what stays is passed once more.
 */
@Injectable()
export class ReplayExecution {
  private readonly logger = new Logger(ReplayExecution.name);

  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly runs: ReplayRuns,
    private readonly replayability: Replayability,
    private readonly outcomes: ReplayOutcomes,
  ) {}

  /** Ends with the run, or when `signal` aborts or the lease is lost. */
  async carryOn(lease: ReplayLease, signal: AbortSignal): Promise<void> {
    const candidates = this.candidatesOf(lease);
    const work = new UnrecordedEntries(lease);
    for (;;) {
      if (signal.aborted) return await this.runs.release(work.lease);
      const candidate = work.exhausted ? null : await candidates.next();
      const going = await this.pass(candidate, work, candidates, signal);
      if (!going) return;
      if (candidate === null) return await this.end(work.lease, 'finished');
    }
  }

  private candidatesOf({ run: { order, position } }: ReplayLease): Candidates {
    const { selection } = order;
    return selection.kind === 'ids'
      ? new ChosenEntries(this.deadLetters, selection.ids, Number(position ?? 0))
      : new OldestEntries(this.deadLetters, selection.filter, position);
  }

  /** False when the run is over for this process. */
  private async pass(
    candidate: Candidate | null,
    work: UnrecordedEntries,
    candidates: Candidates,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (candidate === null) return work.empty || (await this.step(null, work, candidates, signal));
    const stays = await this.reasonToStay(candidate, work.lease);
    if (stays === null) return await this.step(candidate, work, candidates, signal);
    this.leave(candidate, stays, work, candidates);
    return work.count < MOST_UNRECORDED || (await this.step(null, work, candidates, signal));
  }

  private async reasonToStay({ entry, selected }: Candidate, { run }: ReplayLease) {
    if (!selected) return 'unselected';
    return entry === null ? 'gone' : await this.replayability.obstacleOf(entry, run.order.force);
  }

  private leave(
    candidate: Candidate,
    outcome: ReplayedEntry['outcome'] | 'unselected',
    work: UnrecordedEntries,
    candidates: Candidates,
  ): void {
    candidates.stayed();
    work.leave(candidate, outcome);
  }

  private async step(
    candidate: Candidate | null,
    work: UnrecordedEntries,
    candidates: Candidates,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (;;) {
      const step = work.step(candidates.position, candidate?.entry ?? null);
      const result = await this.runs.step(work.lease, step);
      switch (result.kind) {
        case 'taken':
          this.outcomes.record(step, result.outcome, work.lease.run.order.action);
          work.recorded(result.lease);
          return true;
        case 'repeated':
          if (candidate !== null) this.leave(candidate, 'repeated', work, candidates);
          return true;
        case 'wait':
          await pause(Math.min(result.ms, LONGEST_PAUSE_MS), signal);
          if (!signal.aborted) break;
          await this.runs.release(work.lease);
          return false;
        case 'cancelled':
          await this.end(work.lease, 'cancelled');
          return false;
        case 'fenced':
          this.logger.warn({ message: 'replay was taken over', replay_id: work.lease.run.order.id });
          return false;
      }
    }
  }

  private async end(lease: ReplayLease, state: 'finished' | 'cancelled'): Promise<void> {
    await this.runs.end(lease, state);
    const { order, counts } = lease.run;
    this.logger.log({ message: 'replay ended', replay_id: order.id, state, actor: order.action.actor, ...counts });
  }
}
