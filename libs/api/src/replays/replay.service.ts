import { Injectable } from '@nestjs/common';
import { HoldError, sleep, type ReplayRequest, type ReplayRun, ReplayRuns } from '#core';
import { Problem } from '../common/problem.js';
import { ReplayWorker } from './replay.worker.js';

/** Entries that are replayed while the client waits, unless a rate is set. */
const MAX_SYNCHRONOUS = 500;
/** Longest time that the client waits. The run goes on without it. */
const MAX_WAIT_MS = 10_000;

/** Takes orders for replays of many dead letters. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly runs: ReplayRuns,
    private readonly runner: ReplayWorker,
  ) {}

  /**
   * Begins the run, and waits for its end when it is short.
   *
   * @returns the run as it stands; null when Redis did not say any more after it began
   * @throws Problem `replay-running` while another one is not over
   */
  async start(order: ReplayRequest): Promise<ReplayRun | null> {
    const started = await this.runs.start(order);
    if (started.kind === 'busy') {
      throw new Problem('replay-running', { members: { replay: `/dlq/replays/${started.id}` } });
    }
    if (started.kind === 'started') {
      const end = this.runner.resume(started.lease);
      if (isShort(order)) await settlesInTime(end);
    }
    return await this.stateOf(order.id);
  }

  private async stateOf(id: string): Promise<ReplayRun | null> {
    try {
      return await this.runs.find(id);
    } catch (error) {
      if (error instanceof HoldError) return null;
      throw error;
    }
  }
}

function isShort({ selection, maxPerSecond }: ReplayRequest): boolean {
  const entries = selection.kind === 'ids' ? selection.ids.length : selection.limit;
  return maxPerSecond === null && entries <= MAX_SYNCHRONOUS;
}

async function settlesInTime(end: Promise<void>): Promise<void> {
  const ended = new AbortController();
  await Promise.race([end, sleep(MAX_WAIT_MS, ended.signal)]);
  ended.abort();
}
