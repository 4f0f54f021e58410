import { Injectable } from '@nestjs/common';
import { Held, pause, type ReplayOrder, type ReplayRun, ReplayRuns } from '#core';
import { Problem } from '../http/problem.js';
import { ReplayRunner } from './replay-runner.js';

/** Entries that are replayed while the client waits, unless a rate is set. */
const MOST_AT_ONCE = 500;
/** Longest time that the client waits. The run goes on without it. */
const LONGEST_WAIT_MS = 10_000;

/** Takes orders for replays of many dead letters. */
@Injectable()
export class ReplayDesk {
  constructor(
    private readonly runs: ReplayRuns,
    private readonly runner: ReplayRunner,
  ) {}

  /**
   * Begins the run, and waits for its end when it is short.
   *
   * @returns the run as it stands; null when Redis did not say any more after it began
   * @throws Problem `replay-running` while another one is not over
   */
  async begin(order: ReplayOrder): Promise<ReplayRun | null> {
    const started = await this.runs.start(order);
    if (started.kind === 'busy') {
      throw new Problem('replay-running', { members: { replay: `/dlq/replays/${started.id}` } });
    }
    if (started.kind === 'started') {
      const end = this.runner.carryOn(started.lease);
      if (isShort(order)) await withinWait(end);
    }
    return await this.stateOf(order.id);
  }

  private async stateOf(id: string): Promise<ReplayRun | null> {
    try {
      return await this.runs.find(id);
    } catch (error) {
      if (error instanceof Held) return null;
      throw error;
    }
  }
}

function isShort({ selection, maxPerSecond }: ReplayOrder): boolean {
  const entries = selection.kind === 'ids' ? selection.ids.length : selection.limit;
  return maxPerSecond === null && entries <= MOST_AT_ONCE;
}

async function withinWait(end: Promise<void>): Promise<void> {
  const ended = new AbortController();
  await Promise.race([end, pause(LONGEST_WAIT_MS, ended.signal)]);
  ended.abort();
}
