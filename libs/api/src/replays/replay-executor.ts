import { Injectable, Logger } from '@nestjs/common';
import { DeadLetters, sleep, type ReplayedEntry, type ReplayLease, ReplayRuns } from '#core';
import type { ReplayCandidate, ReplaySource } from './replay-source.js';
import { IdReplaySource } from './id-replay-source.js';
import { FilterReplaySource } from './filter-replay-source.js';
import { ReplayOutcomes } from './replay-outcomes.service.js';
import { ReplayEligibilityService } from './replay-eligibility.service.js';
import { ReplayCheckpointBuffer } from './replay-checkpoint-buffer.js';

/** Most entries that wait for the next step to be recorded. */
const MAX_UNRECORDED = 500;

/** How soon a cancellation is noticed while the rate holds the run back. */
const MAX_SLEEP_MS = 500;

/**
 * Carries a run on from where it stands. A crash between two steps loses nothing: what was replayed is recorded in the
 * script that replays it, and what stays is passed once more.
 */
@Injectable()
export class ReplayExecutor {
  private readonly logger = new Logger(ReplayExecutor.name);

  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly runs: ReplayRuns,
    private readonly replayability: ReplayEligibilityService,
    private readonly outcomes: ReplayOutcomes,
  ) {}

  /** Ends with the run, or when `signal` aborts or the lease is lost. */
  async resume(lease: ReplayLease, signal: AbortSignal): Promise<void> {
    const candidates = this.candidatesOf(lease);
    const work = new ReplayCheckpointBuffer(lease);
    for (;;) {
      if (signal.aborted) return await this.runs.release(work.lease);
      const candidate = work.exhausted ? null : await candidates.next();
      const going = await this.processEntry(candidate, work, candidates, signal);
      if (!going) return;
      if (candidate === null) return await this.end(work.lease, 'finished');
    }
  }

  private candidatesOf({ run: { request, position } }: ReplayLease): ReplaySource {
    const { selection } = request;
    return selection.kind === 'ids'
      ? new IdReplaySource(this.deadLetters, selection.ids, Number(position ?? 0))
      : new FilterReplaySource(this.deadLetters, selection.filter, position);
  }

  /** False when the run is over for this process. */
  private async processEntry(
    candidate: ReplayCandidate | null,
    work: ReplayCheckpointBuffer,
    candidates: ReplaySource,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (candidate === null) return work.empty || (await this.step(null, work, candidates, signal));
    const stays = await this.skipReason(candidate, work.lease);
    if (stays === null) return await this.step(candidate, work, candidates, signal);
    this.skip(candidate, stays, work, candidates);
    return work.count < MAX_UNRECORDED || (await this.step(null, work, candidates, signal));
  }

  private async skipReason({ entry, selected }: ReplayCandidate, { run }: ReplayLease) {
    if (!selected) return 'unselected';
    return entry === null ? 'gone' : await this.replayability.check(entry, run.request.force);
  }

  private skip(
    candidate: ReplayCandidate,
    outcome: ReplayedEntry['outcome'] | 'unselected',
    work: ReplayCheckpointBuffer,
    candidates: ReplaySource,
  ): void {
    candidates.stayed();
    work.skip(candidate, outcome);
  }

  private async step(
    candidate: ReplayCandidate | null,
    work: ReplayCheckpointBuffer,
    candidates: ReplaySource,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (;;) {
      const step = work.step(candidates.position, candidate?.entry ?? null);
      const result = await this.runs.step(work.lease, step);
      switch (result.kind) {
        case 'taken':
          this.outcomes.record(step, result.outcome, work.lease.run.request.action);
          work.recorded(result.lease);
          return true;
        case 'repeated':
          if (candidate !== null) this.skip(candidate, 'repeated', work, candidates);
          return true;
        case 'wait':
          await sleep(Math.min(result.ms, MAX_SLEEP_MS), signal);
          if (!signal.aborted) break;
          await this.runs.release(work.lease);
          return false;
        case 'cancelled':
          await this.end(work.lease, 'cancelled');
          return false;
        case 'fenced':
          this.logger.warn({
            event: 'replay.lost',
            message: 'replay taken over by another replica',
            replay_id: work.lease.run.request.id,
          });
          return false;
      }
    }
  }

  private async end(lease: ReplayLease, state: 'finished' | 'cancelled'): Promise<void> {
    await this.runs.end(lease, state);
    const { request, counts } = lease.run;
    this.logger.log({
      event: 'replay.ended',
      message: 'replay ended',
      replay_id: request.id,
      state,
      actor: request.action.actor,
      ...counts,
    });
  }
}
